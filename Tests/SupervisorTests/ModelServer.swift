// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import HTTP
import Models
import Synchronization
import TestSupport

@testable import Supervisor

/// A model whose server answers every request with its number, and the desk that asks it.
final class ModelServer: Sendable {
    static let key = "canary-key-0123456789"

    private let count = Mutex(0)
    private let heard = Mutex<[String]>([])
    private let isDown = Mutex(false)
    private let reply: @Sendable (Int, Peer) -> Void

    /// Answers with a text of the test's, by the number of the request.
    convenience init(_ answer: @escaping @Sendable (Int) -> String = { "answer \($0)" }) {
        self.init { number, peer in peer.say(Self.reply(answer(number))) }
    }

    init(reply: @escaping @Sendable (Int, Peer) -> Void) {
        self.reply = reply
    }

    /// How many requests have come.
    var calls: Int { count.withLock { $0 } }
    /// The requests as they came.
    var requests: [String] { heard.withLock { $0 } }

    /// A reply with a text, after ten tokens of prompt and five of answer.
    static func reply(_ text: String) -> String {
        let body: JSON = [
            "content": [["type": "text", "text": .string(text)]], "stop_reason": "end_turn",
            "usage": ["input_tokens": 10, "output_tokens": 5],
        ]
        return Peer.reply(
            200,
            body.compactText,
            headers: "Content-Type: application/json\r\nConnection: close\r\n"
        )
    }

    /// The part of `orchestrator.yml` that names it.
    static let models = """
        models:
          small:
            family: anthropic
            url: http://127.0.0.1:9
            model: small-1
            secret: env:KEY
            max_tokens: 100
            attempts: 1
            prices: {input: 2, output: 10}
        """

    /// A desk whose researcher has the model.
    static func bench(
        _ name: String = "a",
        agent: String = "",
        more: String = "",
        timeout: String = "20s"
    ) async throws -> Bench {
        var setting = Bench.Setting()
        setting.agents[1].text += ", model: small\(agent)"
        setting.more = models + "\n" + more
        setting.timeout = timeout
        let bench = try await Bench.make(name, setting)
        try bench.script("researcher", script)
        return bench
    }

    /// Asks on each turn and notes what came of it.
    static let script = #"""
        asked = 0
        def ask(method, parameters):
            global asked
            asked += 1
            print(json.dumps({"jsonrpc": "2.0", "id": asked, "method": method,
                              "params": parameters}), flush=True)
            return json.loads(sys.stdin.readline())

        def question(words):
            return {"system": [], "tools": [], "output": None,
                    "turns": [{"speaker": "user", "parts": [{"text": words}]}]}

        def told(answer):
            if "error" in answer:
                return f"{answer['error']['data']}: {answer['error']['message']}"
            return answer["result"]["parts"][0]["text"]

        def before(turn, attempt):
            note(9, told(ask("model/complete", question(f"turn {turn}"))))
        """#

    /// The services of a desk.
    func services(
        _ desk: OpenDesk,
        source: AgentServices.Source,
        wall: any WallClock = FixedWall()
    ) throws -> AgentServices {
        guard let model = desk.configuration.models.first else { throw SupportError("no model") }
        let server = ScriptedServer { [self] peer in
            let request = peer.hearRequest()
            guard !request.isEmpty else { return }
            heard.withLock { $0.append(request) }
            reply(
                count.withLock {
                    $0 += 1; return $0
                },
                peer
            )
        }
        var settings = HTTPSettings(seed: 7)
        settings.dial = { address, port in server.dial("\(address):\(port)") }
        let clock = ContinuousClock()
        let start = clock.now
        let now: @Sendable () -> Duration = { start.duration(to: clock.now) }
        let client = ModelClient(
            model,
            secret: Self.key,
            http: try HTTPClient(settings, wall: wall, now: now),
            wall: wall,
            now: now
        )
        return try AgentServices(
            desk,
            source: source,
            models: ["small": client],
            spending: try SpendingKeeper(desk.folder, wall: wall, isDurable: false),
            secrets: [Self.key]
        )
    }
}

/// One day, for ever.
struct FixedWall: WallClock {
    func now() -> Instant { Instant(secondsSinceEpoch: 1_795_186_800) }
}
