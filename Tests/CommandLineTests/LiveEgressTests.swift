// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
import Glibc
import Testing
import TestSupport

@Suite("An agent with hosts on a desk that is up", .scratchFolder, .timeLimit(.minutes(3)))
struct LiveEgressTests {
    /// The credential; nobody but the supervisor and the server may ever have it.
    private static let canary = "canary-7f3a9c51d2e84b60"

    /// Tries its way out in each turn, and writes down what came of it and all that it can see.
    private static let caller = #"""
        #!/usr/bin/env python3
        import json, os, sys, urllib.error, urllib.request

        PLACES = json.load(open(os.path.join(os.path.dirname(sys.argv[0]), "places.json")))

        def get(url, proxy=None):
            handler = urllib.request.ProxyHandler({"http": proxy} if proxy else {})
            try:
                with urllib.request.build_opener(handler).open(url, timeout=20) as reply:
                    return f"{reply.status} {reply.read().decode()}"
            except urllib.error.HTTPError as error:
                return str(error.code)
            except Exception as error:
                return "cut"

        def turn(number):
            # Routes are reached without the proxy; a host on the loopback is not.
            for name in ("NO_PROXY", "no_proxy"): os.environ.pop(name, None)
            base, proxy = os.environ["MODEL_BASE_URL"], os.environ["HTTP_PROXY"]
            found = [get(PLACES["listed"], proxy), get(base + "/answer"), get(base + "/echo"),
                     get(PLACES["unlisted"], proxy)]
            with open("outbox/1.part", "w") as file:
                file.write("\n".join(found) + "\n" + repr(dict(os.environ)))
            os.rename("outbox/1.part", "outbox/1-note.md")
            with open(state, "w") as file:
                file.write(f"---\nturn: {number}\n---\n")
            print("asked for", found, file=sys.stderr, flush=True)
            return {"summary": "; ".join(one[:40] for one in found)}

        for request in map(json.loads, sys.stdin):
            if request["method"] == "agent/start":
                state, result = f"agents/{request['params']['agent']}/STATE.md", {}
            else:
                result = turn(request["params"]["turn"])
            print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}), flush=True)
        """#

    /// Says whether it was given the key; at `/echo` it gives the key away.
    private static func serve(_ peer: Peer) {
        let request = peer.hearRequest()
        let hasKey = request.lowercased().contains("x-api-key: \(canary)\r\n")
        let isEcho = request.contains("/echo ")
        peer.say(Peer.reply(200, isEcho ? request : hasKey ? "with the key" : "without"))
    }

    /// The entry of an agent with one host and one route with a credential.
    private static func entry(_ port: Int) -> String {
        """
          caller:
            role: researcher
            on: [bars]
            command: [tools/call.py]
            sandbox:
              read: [tools]
              hosts: ["127.0.0.1:\(port)"]
              credentials:
                model:
                  url: "http://127.0.0.1:\(port)/v1"
                  header: x-api-key
                  secret: env:CANARY_KEY
                  variable: MODEL_BASE_URL

        """
    }

    private func prepare(_ port: Int) async throws -> TestDesk {
        let desk = try await TestDesk.make()
        try desk.edit("orchestrator.yml") {
            $0.replacingFirst("agents:\n", with: "agents:\n\(Self.entry(port))")
        }
        // Two sessions are caught up on.
        try desk.edit(TestDesk.bars) { text in
            text.split(separator: "\n")
                .filter {
                    !$0.contains("-") || $0.contains(",2000-03-01,") || $0.contains(",2000-03-02,")
                }
                .joined(separator: "\n") + "\n"
        }
        let places: JSON = [
            "listed": .string("http://127.0.0.1:\(port)/plain"),
            "unlisted": .string("http://127.0.0.3:\(port)/"),
        ]
        try desk.folder.folder("tools").create()
        try desk.folder.folder("agents/caller").create()
        try desk.write(Self.caller, to: "tools/call.py")
        try desk.write(places.compactText, to: "tools/places.json")
        try desk.write(
            "---\nname: caller\ndescription: Asks a server.\n---\n# Caller\n\nAsk.\n",
            to: "agents/caller/SKILL.md"
        )
        #expect(chmod(desk.folder.path(of: "tools/call.py"), 0o755) == 0)
        try await desk.commit()
        return desk
    }

    /// Runs the desk until the caller's turn that was asked for is committed, and stops it.
    private func run(_ desk: TestDesk) async throws -> FinishedCommand {
        let program = try BuiltProduct.path("loopdesk")
        let up = try RunningCommand(
            program,
            ["up", "--desk", desk.path, "--volatile"],
            environment: ["CANARY_KEY": Self.canary]
        )
        func has(_ text: String) throws -> Bool {
            try Self.files(below: desk.folder.path(of: ".loopdesk/events"))
                .contains { $0.bytes.firstRange(of: Array(text.utf8)) != nil }
        }
        #expect(try await eventually(within: .seconds(60)) { try has("desk.up") })
        let rung = try await runCommand(program, ["trigger", "caller", "--desk", desk.path])
        #expect(rung.isSuccess, "\(rung.stderr)")
        let isDone = try await eventually(within: .seconds(60)) { try has("network.refused") }
        #expect(isDone)
        let isKept = try await eventually(within: .seconds(60)) {
            try await desk.git.lines("rev-list", "--count", "main..agents/caller") == ["3"]
        }
        #expect(isKept)
        up.signal(SIGTERM)
        return try await up.finish()
    }

    @Test(
        "it reaches what is listed with its key, which stands nowhere in the desk",
        .enabled(if: isPossible)
    )
    func whole() async throws {
        let server = ScriptedServer.onLoopback(Self.serve)
        let desk = try await prepare(server.port)

        let up = try await run(desk)

        #expect(up.status == 0, "\(up.stderr)")
        let subjects = try await desk.git.lines("log", "--format=%s", "main..agents/caller")
        #expect(
            subjects == [
                "200 without; 200 with the key; cut; 403", "403; 403; 403; 403",
                "403; 403; 403; 403",
            ]
        )
        let events = try Self.files(below: desk.folder.path(of: ".loopdesk/events"))
            .map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
        #expect(events.contains("network.used") && events.contains("network.refused"))
        try await expectNoCanary(in: desk, up)
    }

    /// Looks through every file of the desk and through every object of its repository.
    private func expectNoCanary(in desk: TestDesk, _ up: FinishedCommand) async throws {
        let word = Array(Self.canary.utf8)
        let files = try Self.files(below: desk.path)
        #expect(
            files.contains { $0.path.hasSuffix("supervisor.log") || $0.path.contains("/logs/") }
        )
        #expect(files.filter { $0.bytes.firstRange(of: word) != nil }.map(\.path) == [])
        let objects = try await desk.git.run("cat-file", "--batch-all-objects", "--batch")
        #expect(objects.stdout.contains("200 with the key"))
        #expect(!objects.stdout.contains(Self.canary))
        #expect(!up.stdout.contains(Self.canary) && !up.stderr.contains(Self.canary))
    }

    private static func files(below path: String) throws -> [(path: String, bytes: [UInt8])] {
        let manager = FileManager.default
        let names = manager.enumerator(atPath: path)?.allObjects.compactMap { $0 as? String } ?? []
        return names.sorted().compactMap { name in
            let full = "\(path)/\(name)"
            // What is gone since, or is no file, holds nothing.
            return manager.contents(atPath: full).map { (full, [UInt8]($0)) }
        }
    }

    /// Whether there is level A here, which an agent with hosts insists on.
    private static let isPossible: Bool = {
        let words = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "/bin/true"]
        var number: pid_t = 0
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        guard posix_spawnp(&number, "bwrap", nil, nil, &pointers, nil) == 0 else { return false }
        var status: Int32 = 0
        return waitpid(number, &status, 0) == number && status == 0
    }()
}
