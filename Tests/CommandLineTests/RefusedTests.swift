// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk refused", .scratchFolder)
struct RefusedTests {
    /// A desk whose researcher wrote a key once, and what cannot be shown on a terminal.
    private func makeDesk() async throws -> TestDesk {
        let desk = try await TestDesk.make()
        try desk.write(
            #"""
            #!/usr/bin/env python3
            import json, os, sys
            own = f"agents/{os.environ['LOOPDESK_AGENT']}/STATE.md"
            for request in map(json.loads, sys.stdin):
                if request["method"] != "agent/start":
                    with open(own, "w") as file:
                        file.write("---\n---\n")
                    with open("outbox/1-note.md", "w") as file:
                        file.write("\x1b[31mred\nghp_" + "a1" * 18 + "\n")
                print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": {}}), flush=True)

            """#,
            to: "writer.py"
        )
        _ = try await runCommand("/bin/chmod", ["+x", "\(desk.path)/writer.py"])
        try desk.edit("orchestrator.yml") {
            $0.replacingFirst(
                "role: researcher",
                with: "role: researcher\n    command: [./writer.py]"
            )
        }
        try await desk.commit()
        return desk
    }

    @Test("what an agent wrote is listed, shown with secrets masked, told by status, and forgotten")
    func refused() async throws {
        let desk = try await makeDesk()
        _ = try await desk.run("replay", "--through", "2000-03-01")

        let list = try await desk.json("refused", "list")
        let id = try #require(list["refused"]?.arrayValue?.first?["id"]?.stringValue)
        let text = try await desk.run("refused", "list")
        let show = try await desk.run("refused", "show", id)
        let content = try await desk.run("refused", "show", id, "outbox/1-note.md")
        let status = try await desk.run("status")
        let doctor = try await desk.json("doctor")
        let clear = try await desk.run("refused", "clear")

        #expect(id == "researcher/1-1")
        #expect(text.stdout.contains("seems to hold a repository token"))
        #expect(show.stdout.contains("outbox/1-note.md  50 bytes (1 masked)"), "\(show.stdout)")
        #expect(content.stdout == "\\u{1b}[31mred\n[a repository token, masked]\n\n")
        #expect(status.stdout.contains("Refused: \(id)"))
        #expect(
            doctor["findings"]?.arrayValue?.contains { $0["code"]?.stringValue == "LD023" } == true
        )
        #expect(clear.stdout == "Forgot 1 refused outputs.\n")
        #expect(try await desk.run("refused", "list").stdout == "Nothing has been refused.\n")
    }

    @Test("an output that is not kept, and what is no name of one, are refused")
    func unknown() async throws {
        let desk = try await TestDesk.make()

        let missing = try await desk.run("refused", "show", "risk/1-1")
        let wrong = try await desk.run("refused", "show", "../1")

        expectComplaint(missing, status: 66, "'risk/1-1'", "loopdesk refused list")
        expectComplaint(wrong, status: 65, "'../1'", "researcher/12-1")
    }
}
