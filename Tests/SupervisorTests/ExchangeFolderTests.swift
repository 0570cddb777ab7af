// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@testable import Supervisor

@Suite("The exchange folders of a worktree", .scratchFolder)
struct ExchangeFolderTests {
    @Test(
        "whatever an agent makes of them, the next turn finds them right",
        arguments: [
            "os.mkdir('inbox/deep'); write('inbox/deep/file', 'x')",
            "os.remove('inbox/0001-bars.json'); os.mkdir('inbox/0001-bars.json')",
            "import shutil; shutil.rmtree('inbox')",
            "import shutil; shutil.rmtree('inbox'); write('inbox', 'x')",
            "import shutil; shutil.rmtree('inbox'); os.symlink('nowhere', 'inbox')",
            "write('inbox/0099-bars.json', 'x')",
            "write('inbox/0001-bars.json', 'x' * 9999)",
            "write('work', 'x')",
        ]
    )
    func disorder(body: String) async throws {
        let bench = try await Bench.make()
        let log = EventLog()
        try bench.script("researcher", "def after(turn, attempt):\n    \(body)")

        try bench.run(through: 3, log: log)

        #expect(log.failures == [])
        #expect(try await bench.heads() == Bench.undisturbed(3))
    }

    @Test("an inbox that leads elsewhere is taken away, and nothing elsewhere is touched")
    func linkedInbox() async throws {
        let bench = try await Bench.make()
        try bench.write("precious", "0001-bars.json", "a person's file")
        try bench.write("precious", "orchestrator.yml", "another")
        try bench.script(
            "researcher",
            """
            import shutil
            def after(turn, attempt):
                if not os.path.islink("inbox"):
                    shutil.rmtree("inbox")
                    os.symlink("../../../precious", "inbox")
            """
        )

        try bench.run(through: 3)

        let precious = bench.root.folder("precious")
        #expect(try precious.names() == ["0001-bars.json", "orchestrator.yml"])
        #expect(try precious.read("0001-bars.json") == Array("a person's file".utf8))
        #expect(try await bench.heads() == Bench.undisturbed(3))
    }

    @Test("an outbox that became a file is made a folder again")
    func outboxFile() async throws {
        let bench = try await Bench.make()
        let log = EventLog()
        try bench.script(
            "researcher",
            """
            import shutil
            def after(turn, attempt):
                if attempt == 1:
                    shutil.rmtree("outbox")
                    write("outbox", "x")
            """
        )

        try bench.run(through: 2, log: log)

        #expect(log.failures.count == 2)
        #expect(try await bench.heads() == Bench.undisturbed(2))
    }
}
