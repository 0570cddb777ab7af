// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Synchronization
import Testing
import TestSupport

@Suite("Alerts of a desk that is up", .scratchFolder, .timeLimit(.minutes(3)))
struct AlertTests {
    /// The messages that a server got, which refuses the first one.
    private final class Inbox: Sendable {
        private let messages = Mutex<[String]>([])

        var all: [String] { messages.withLock { $0 } }

        func serve(_ peer: Peer) {
            let request = peer.hearRequest()
            let count = messages.withLock { messages in
                messages.append(request)
                return messages.count
            }
            peer.say(Peer.reply(count == 1 ? 500 : 200, "{}"))
        }

        func ids() -> [String] {
            all.compactMap { message in
                message.split(separator: "\r\n").first { $0.lowercased().hasPrefix("webhook-id: ") }
                    .map { String($0.dropFirst(12)) }
            }
        }
    }

    /// A desk with further settings that has only its first session.
    private static func make(_ settings: String) async throws -> TestDesk {
        let desk = try await TestDesk.make()
        try desk.edit("orchestrator.yml") {
            $0.replacingFirst("agents:\n", with: "\(settings)agents:\n")
        }
        try desk.edit(TestDesk.bars) { text in
            text.split(separator: "\n")
                .filter { !$0.contains("-") || $0.contains(",2000-03-01,") }
                .joined(separator: "\n") + "\n"
        }
        try await desk.commit()
        return desk
    }

    /// The same, and it is up.
    private static func start(_ settings: String) async throws -> (TestDesk, RunningCommand) {
        let desk = try await make(settings)
        let up = try RunningCommand(
            try BuiltProduct.path("loopdesk"),
            ["up", "--desk", desk.path, "--volatile"],
            environment: ["PAGER_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
        )
        let events = desk.folder.folder(".loopdesk/events")
        #expect(
            try await eventually(within: .seconds(60)) {
                let text = try events.readIfPresent("events.jsonl") ?? []
                return text.firstRange(of: Array("desk.up".utf8)) != nil
            }
        )
        return (desk, up)
    }

    @Test("a halt is told until it is heard, under one id, signed, and is not told again")
    func halt() async throws {
        let inbox = Inbox()
        let server = ScriptedServer.onLoopback { inbox.serve($0) }
        let (desk, up) = try await Self.start(
            """
            alerts:
              pager:
                on: [halt]
                webhook: "http://127.0.0.1:\(server.port)/hook"
                secret: env:PAGER_SECRET

            """
        )

        _ = try await desk.run("halt", "--reason", "storm")
        #expect(try await eventually(within: .seconds(30)) { inbox.all.count >= 2 })
        let kept = desk.folder.folder(".loopdesk/alerts")
        #expect(
            try await eventually(within: .seconds(10)) { kept.contains("pager.json") }
        )
        up.signal(SIGTERM)
        let ended = try await up.finish()

        #expect(ended.status == 0, "\(ended.stderr)")
        #expect(inbox.all.count == 2)
        let ids = inbox.ids()
        #expect(ids.count == 2 && ids.first == ids.last && ids.first?.hasPrefix("alert-") == true)
        let heard = try #require(inbox.all.last)
        #expect(heard.contains("storm") && heard.contains("\"type\":\"ledger.halted\""))
        #expect(heard.lowercased().contains("webhook-signature: v1,"))
    }

    /// A server whose tool fails the first time, and writes down what it is called with.
    private static let chat = """
        import json, sys
        calls = 0
        for line in sys.stdin:
            request = json.loads(line)
            answer = {"jsonrpc": "2.0", "id": request.get("id")}
            if request.get("method") == "initialize":
                answer["result"] = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                    "serverInfo": {"name": "chat", "version": "1"}}
            elif request.get("method") == "tools/list":
                answer["result"] = {"tools": [{"name": "post", "inputSchema": {"type": "object"}}]}
            elif request.get("method") == "tools/call":
                calls += 1
                with open(sys.argv[1], "a") as file:
                    file.write(request["params"]["arguments"]["text"] + "\\n")
                content = [{"type": "text", "text": "busy"}]
                answer["result"] = {"content": content, "isError": calls == 1}
            else:
                answer["error"] = {"code": -32601, "message": "unknown"}
            if "id" in request:
                print(json.dumps(answer), flush=True)
        """

    @Test("a tool that says that it failed is called again, under one id")
    func failingTool() async throws {
        let folder = Folder(try ScratchFolder.path)
        try folder.replace("chat.py", with: Array(Self.chat.utf8))
        let (program, log) = (folder.path(of: "chat.py"), folder.path(of: "told"))
        let (desk, up) = try await Self.start(
            """
            connectors:
              chat: {command: [python3, "\(program)", "\(log)"]}
            alerts:
              pager: {on: [halt], connector: chat, tool: post, arguments: {text: "{event} {id}"}}

            """
        )

        _ = try await desk.run("halt", "--reason", "storm")
        func told() throws -> [String] {
            String(decoding: try folder.readIfPresent("told") ?? [], as: UTF8.self)
                .split(separator: "\n").map(String.init)
        }
        let isHeard = try await eventually(within: .seconds(30)) { try told().count >= 2 }
        up.signal(SIGTERM)
        let ended = try await up.finish()

        #expect(isHeard && ended.status == 0, "\(ended.stderr)")
        #expect(try Set(told()).count == 1)
        #expect(try told().first?.hasPrefix("ledger.halted alert-") == true)
    }

    @Test("a desk does not come up with a secret that is none, and does not show it")
    func badSecret() async throws {
        let folder = Folder(try ScratchFolder.path)
        try folder.replace("pager.key", with: Array("hunter2-is-no-secret".utf8))
        let desk = try await Self.make(
            """
            alerts:
              pager:
                on: [halt]
                webhook: "http://127.0.0.1:9/x"
                secret: "file:\(folder.path(of: "pager.key"))"

            """
        )

        let result = try await desk.run("up", "--volatile")

        #expect(!result.isSuccess)
        #expect(result.stderr.contains("alerts.pager.secret: "), "\(result)")
        #expect(result.stderr.contains("holds no secret"))
        #expect(!result.stderr.contains("hunter2"))
    }

    @Test("a desk that is up goes on without what its new configuration has no secret for")
    func newSecret() async throws {
        let inbox = Inbox()
        let server = ScriptedServer.onLoopback { inbox.serve($0) }
        let good = "  good: {on: [halt], webhook: \"http://127.0.0.1:\(server.port)/hook\"}\n"
        let bad = "  bad: {on: [halt], webhook: \"http://127.0.0.1:9/\", secret: env:NO_SUCH_KEY}\n"
        let (desk, up) = try await Self.start("alerts:\n\(good)")

        try desk.edit("orchestrator.yml") {
            $0.replacingFirst(good, with: good + bad + "endpoint: {listen: 127.0.0.1:0}\n")
                .replacingFirst(
                    "    role: backtester\n",
                    with: "    role: backtester\n    webhook: {secret_file: no-file}\n"
                )
        }
        try await desk.commit()
        let events = desk.folder.folder(".loopdesk/events")
        let isAnew = try await eventually(within: .seconds(60)) {
            let text = try events.readIfPresent("events.jsonl") ?? []
            return String(decoding: text, as: UTF8.self).split(separator: "\n")
                .count { $0.contains("desk.up") } >= 2
        }
        _ = try await desk.run("halt", "--reason", "storm")
        let isHeard = try await eventually(within: .seconds(30)) { inbox.all.count >= 2 }
        up.signal(SIGTERM)
        let ended = try await up.finish()

        #expect(isAnew && isHeard && ended.status == 0, "\(ended.stderr)")
        #expect(ended.stderr.contains("alerts.bad.secret"), "\(ended.stderr)")
        #expect(ended.stderr.contains("neither webhooks nor metrics are served"))
    }
}
