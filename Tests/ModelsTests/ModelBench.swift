// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import HTTP
import Models
import Synchronization
import TestSupport

/// A model whose server does on each connection what it is told, and a purse of the test's size.
struct ModelBench {
    static let key = "canary-key-0123456789"

    let server: ScriptedServer
    let client: ModelClient
    let purse: Purse
    let pauses: Pauses

    /// How long the client waited between attempts.
    final class Pauses: Sendable {
        private let state = Mutex<[Duration]>([])

        var all: [Duration] { state.withLock { $0 } }

        func add(_ duration: Duration) { state.withLock { $0.append(duration) } }
    }

    /// Keeps a book in memory.
    final class Purse: ModelMeter {
        private let book = Mutex(SpendingBook())
        private let budget: ModelBudget
        static let agent = AgentName("maker")
        static let day = CalendarDate(daysSinceEpoch: 20_000)

        init(_ budget: ModelBudget) {
            self.budget = budget
        }

        var spent: ModelAmount { book.withLock { $0.desk.total } }

        func reserve(
            _ most: ModelUsage,
            _ model: ModelConfiguration
        ) throws(ModelError) -> (ticket: Int, prices: ModelPrices?) {
            guard let agent = Self.agent else { throw ModelError(.notAllowed, "no agent") }
            let money = model.prices?.mostCost(
                input: most.input,
                output: most.output
            )
            let reserved = book.withLock {
                $0.reserve(
                    (most.total, money),
                    for: agent,
                    on: Self.day,
                    own: ModelBudget(),
                    all: budget
                )
            }
            switch reserved {
            case .ticket(let ticket): return (ticket, model.prices)
            case .refused(let reason): throw ModelError(.overBudget, reason)
            }
        }

        func settle(_ ticket: (ticket: Int, prices: ModelPrices?), _ usage: ModelUsage) {
            let money = ticket.prices?.cost(of: usage) ?? .zero
            book.withLock {
                $0.settle(ticket.ticket, ModelAmount(tokens: usage.total, money: money))
            }
        }
    }

    private struct FixedClock: WallClock {
        func now() -> Instant { Instant(secondsSinceEpoch: 1_795_186_800) }
    }

    /// A client whose connections are served by scripts, one each; the last serves all further.
    static func make(
        _ family: String = "anthropic",
        more: String = "",
        budget: ModelBudget = ModelBudget(),
        replies: [String]
    ) throws -> ModelBench {
        let left = Mutex(replies)
        return try make(family, more: more, budget: budget) { peer in
            _ = peer.hearRequest()
            peer.say(left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] })
            peer.end()
        }
    }

    static func make(
        _ family: String = "anthropic",
        more: String = "",
        url: String = "http://127.0.0.1:9/",
        timeout: String = "5s",
        budget: ModelBudget = ModelBudget(),
        _ script: @escaping ScriptedServer.Script
    ) throws -> ModelBench {
        let server = ScriptedServer(script)
        let pauses = Pauses()
        var settings = HTTPSettings(seed: 7)
        settings.dial = { address, port in server.dial("\(address):\(port)") }
        settings.pause = { duration in pauses.add(duration) }
        let clock = ContinuousClock()
        let start = clock.now
        let http = try HTTPClient(
            settings,
            wall: FixedClock(),
            now: { start.duration(to: clock.now) }
        )
        let client = ModelClient(
            try model(family, more: more, url: url, timeout: timeout),
            secret: key,
            http: http,
            wall: FixedClock(),
            now: { start.duration(to: clock.now) },
            seed: 1
        )
        return ModelBench(server: server, client: client, purse: Purse(budget), pauses: pauses)
    }

    static func model(
        _ family: String,
        more: String = "",
        url: String = "http://127.0.0.1:9/",
        timeout: String = "5s"
    ) throws -> ModelConfiguration {
        let models = try ModelConfiguration.parse(
            """
            models:
              m:
                family: \(family)
                url: \(url)
                model: small-1
                secret: env:KEY
                timeout: \(timeout)
                prices: {input: 2, output: 10, cached: 0.2}
            \(more)
            """
        )
        guard let model = models.first else { throw SupportError("no model") }
        return model
    }

    static let question = Conversation(
        system: ["Be brief.", "Answer in JSON."],
        tools: [
            ConversationTool("add", "Adds.", schema: ["type": "object", "properties": [:]])
        ],
        turns: [ConversationTurn(.user, [.text("What is 40 + 2?")])],
        outputSchema: ["type": "object"]
    )

    /// Asks and gives back what came.
    func ask(_ conversation: Conversation = question) async -> Result<ModelAnswer, ModelError> {
        do throws(ModelError) {
            return .success(try await client.complete(conversation, meter: purse))
        } catch {
            return .failure(error)
        }
    }

    /// An event of Messages.
    static func event(_ type: String, _ rest: String = "") -> String {
        #"{"type":"\#(type)"\#(rest.isEmpty ? "" : ",")\#(rest)}"#
    }

    /// A chunk of Chat Completions.
    static func chunk(_ delta: String, _ finish: String = "null") -> String {
        #"{"choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#
    }

    /// A stream of events as one reply that ends with the connection.
    static func stream(_ events: [String], separator: String = "\n") -> String {
        let body = events.map { "data: \($0)\(separator)\(separator)" }.joined()
        return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
            + "Connection: close\r\n\r\n: queued\n\n" + body
    }

    static func json(_ body: String, status: Int = 200, headers: String = "") -> String {
        Peer.reply(status, body, headers: "Content-Type: application/json\r\n\(headers)")
    }
}
