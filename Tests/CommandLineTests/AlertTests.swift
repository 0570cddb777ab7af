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

    @Test("a halt is told until it is heard, under one id, signed, and is not told again")
    func halt() async throws {
        let inbox = Inbox()
        let server = ScriptedServer.onLoopback { inbox.serve($0) }
        let desk = try await TestDesk.make()
        try desk.edit("orchestrator.yml") { text in
            text.replacingFirst(
                "agents:\n",
                with: """
                    alerts:
                      pager:
                        on: [halt]
                        webhook: "http://127.0.0.1:\(server.port)/hook"
                        secret: env:PAGER_SECRET
                    agents:

                    """
            )
        }
        try desk.edit(TestDesk.bars) { text in
            text.split(separator: "\n")
                .filter { !$0.contains("-") || $0.contains(",2000-03-01,") }
                .joined(separator: "\n") + "\n"
        }
        try await desk.commit()
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
}
