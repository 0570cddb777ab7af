// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
import Glibc
import Testing
import TestSupport

@Suite("A program on a desk that is up", .scratchFolder, .timeLimit(.minutes(3)))
struct ProgramLiveTests {
    /// The keys; nobody but the supervisor and the server may ever have them.
    private static let canaries = ["canary-41c7e09ab5d23f68", "canary-9f02d6b1e8a4573c"]

    /// Asks its model and its tools, and writes down what came of it and all that it can see.
    private static let script = """
        import urllib.error, urllib.request
        def post(url, value, kind="application/json"):
            headers = {"content-type": kind, "accept": "application/json",
                       "x-api-key": os.environ["ANTHROPIC_API_KEY"]}
            request = urllib.request.Request(url, json.dumps(value).encode(), headers)
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            try:
                with opener.open(request, timeout=20) as reply:
                    return reply.read().decode()
            except urllib.error.HTTPError as error:
                return str(error.code)
        def call(method, params):
            message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
            return post(os.environ["LOOPDESK_MCP_URL"], message)
        model = post(os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages", {"a": 1})
        other = post(os.environ["OTHER"], {})
        listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        refused = post(os.environ["LOOPDESK_MCP_URL"], listing, "text/plain")
        tools = [tool["name"] for tool in json.loads(call("tools/list", {}))["result"]["tools"]]
        value = call("tools/call", {"name": "evaluate", "arguments": {"expression": "6 * 7"}})
        seen = []
        for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
            try: seen.append(open(path, "rb").read().decode(errors="replace"))
            except OSError: pass
        settings = open(os.environ["HOME"] + "/mcp.json").read()
        note("\\n".join([model, other, refused, str(tools), value, settings, str(sys.argv)] + seen))
        remember()
        print(model, file=sys.stderr, flush=True)
        print(json.dumps({"type": "result", "subtype": "success", "is_error": False,
                          "result": "asked", "total_cost_usd": 0.5,
                          "usage": {"input_tokens": 7, "output_tokens": 1}}))
        """

    /// Says whether it was given the key.
    private static func serve(_ peer: Peer) {
        let request = peer.hearRequest().lowercased()
        let keys = canaries.filter { request.contains("x-api-key: \($0)\r\n".lowercased()) }
        peer.say(Peer.reply(200, "with \(keys.count) key, \(request.count > 0)"))
    }

    private func prepare(_ port: Int) async throws -> ProgramDesk {
        func route(_ secret: String, _ variable: String) -> String {
            "{url: \"http://127.0.0.1:\(port)\", header: x-api-key, secret: \"\(secret)\","
                + " variable: \(variable)}"
        }
        let routes =
            "{model: \(route("env:CANARY_KEY", "ANTHROPIC_BASE_URL")),"
            + " other: \(route("file:\(try ScratchFolder.path)/key", "OTHER"))}"
        let scratch = Folder(try ScratchFolder.path)
        try scratch.replace("key", with: Array("\(Self.canaries[1])\n".utf8))
        return try await ProgramDesk.make([
            .init(
                name: "caller",
                script: Self.script,
                entry: "program: {kind: claude, tools: [evaluate, desk_status]}\n"
                    + "    sandbox: {credentials: \(routes)}"
            )
        ])
    }

    @Test(
        "it reaches its model and its tools, and its keys stand nowhere",
        .enabled(if: isPossible)
    )
    func whole() async throws {
        let server = ScriptedServer.onLoopback(Self.serve)
        let made = try await prepare(server.port)
        let desk = made.desk

        let (isDone, ended) = try await run(made)

        #expect(isDone, "\(ended.stderr)")
        let note = try await made.note("caller")
        let answers = "with 1 key, true\nwith 1 key, true\n415\n"
        #expect(note.hasPrefix(answers), "\(note.prefix(200))")
        #expect(note.contains("['desk_status', 'evaluate']") && note.contains("\"value\":42"))
        #expect(note.contains("http://127.0.0.1:") && note.contains("LOOPDESK_AGENT=caller"))
        let body = try await desk.git.lines("log", "-1", "--format=%B", "agents/caller", "--")
        #expect(body.contains("Tokens: 8") && body.contains("Cost: 0.5"), "\(body)")
        #expect(try desk.folder.folder(".loopdesk/homes/caller").names() == [])
        try await expectNoKey(in: desk, ended)
    }

    /// Runs the desk until the turn that is asked for is published, and stops it.
    private func run(_ made: ProgramDesk) async throws -> (isDone: Bool, up: FinishedCommand) {
        let desk = made.desk
        let program = try BuiltProduct.path("loopdesk")
        let up = try RunningCommand(
            program,
            ["up", "--desk", desk.path, "--volatile"],
            environment: ["CANARY_KEY": Self.canaries[0]]
        )
        let events = desk.folder.folder(".loopdesk/events")
        func has(_ text: String) throws -> Bool {
            let bytes = try events.readIfPresent("events.jsonl") ?? []
            return bytes.firstRange(of: Array(text.utf8)) != nil
        }
        #expect(try await eventually(within: .seconds(60)) { try has("desk.up") })

        let rung = try await runCommand(program, ["trigger", "caller", "--desk", desk.path])
        let isDone = try await eventually(within: .seconds(60)) {
            try has("\"turn.committed\",\"agent\":\"caller\"")
        }
        let isPublished = try await eventually(within: .seconds(20)) {
            try await made.subjects("caller") == ["asked"]
        }
        up.signal(SIGTERM)
        let ended = try await up.finish()

        return (rung.isSuccess && isDone && isPublished, ended)
    }

    /// Looks through every file of the desk and through every object of its repository.
    private func expectNoKey(in desk: TestDesk, _ up: FinishedCommand) async throws {
        let objects = try await desk.git.run("cat-file", "--batch-all-objects", "--batch").stdout
        let manager = FileManager.default
        let names = manager.enumerator(atPath: desk.path)?.allObjects.compactMap { $0 as? String }
        #expect(names?.contains { $0.hasSuffix("logs/caller.jsonl") } == true)
        for canary in Self.canaries {
            let word = Array(canary.utf8)
            let found = (names ?? []).filter { name in
                // What is gone since, or is no file, holds nothing.
                manager.contents(atPath: "\(desk.path)/\(name)")
                    .map { [UInt8]($0).firstRange(of: word) != nil } ?? false
            }
            #expect(found == [])
            #expect(!objects.contains(canary))
            #expect(!up.stdout.contains(canary) && !up.stderr.contains(canary))
        }
    }

    /// Whether there is level A here, which an agent with tools insists on.
    private static let isPossible = access("/usr/bin/bwrap", X_OK) == 0
}
