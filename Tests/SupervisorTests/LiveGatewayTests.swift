// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes
import TestSupport
import Testing

@testable import Supervisor

@Suite("A live desk whose gateway dies", .scratchFolder, .timeLimit(.minutes(2)))
struct LiveGatewayTests {
    /// Answers until there is a file `dead` beside it.
    private static let mortal = #"""
        while IFS= read -r line; do
          [ -e dead ] && exit 1
          id=${line#*'"id":'}
          id=${id%%[,\}]*}
          printf '{"jsonrpc":"2.0","id":%s,"result":{"ledger":"empty"}}\n' "$id"
        done
        """#

    private func turns(of agent: String, in bench: Bench) async throws -> Int {
        let branch = "refs/heads/agents/\(agent)"
        guard !(try await bench.git.lines("for-each-ref", branch)).isEmpty else { return 0 }
        return try await bench.subjects(of: agent).count
    }

    private func isTold(_ event: String, in bench: Bench) throws -> Bool {
        let bytes = try bench.desk.folder(".loopdesk/events").read("events.jsonl")
        return String(decoding: bytes, as: UTF8.self).contains("\"\(event)\"")
    }

    @Test("says so, lets others go on, and goes on itself once the gateway stays alive")
    func degraded() async throws {
        let agents: [(name: String, text: String)] = [
            ("ingestor", "role: ingestor, every: bar"),
            ("verifier", "role: verifier, every: 200ms"),
        ]
        let bench = try await Bench.make("live", Bench.Setting(agents: agents))
        try bench.write("scripts", "gateway.sh", Self.mortal)
        let live = try LiveBench(bench)
        live.feed.add(Bench.days[0])
        #expect(
            try await eventually(within: .seconds(30)) {
                try await turns(of: "ingestor", in: bench) == 1
            }
        )

        try bench.write("scripts", "dead", "")
        live.feed.add(Bench.days[1])
        #expect(
            try await eventually(within: .seconds(30)) { try isTold("desk.degraded", in: bench) }
        )
        let before = try await turns(of: "verifier", in: bench)
        #expect(
            try await eventually(within: .seconds(30)) {
                try await turns(of: "verifier", in: bench) > before + 2
            }
        )
        #expect(try await turns(of: "ingestor", in: bench) == 1)

        try bench.scripts.removeFile("dead")
        #expect(
            try await eventually(within: .seconds(30)) {
                try await turns(of: "ingestor", in: bench) == 2
            }
        )
        #expect(try isTold("desk.recovered", in: bench))
        #expect(try await live.stop() == .stopped)
    }

    @Test("bars are settled whatever has become of the agents")
    func settledAlone() async throws {
        let bench = try await Bench.make(
            "live",
            Bench.Setting(agents: [("ingestor", "role: ingestor, every: bar")])
        )
        try bench.write("scripts", "gateway.py", GatewayScript.withClients)
        // It never answers, so no bar is ever taken in.
        try bench.script("ingestor", "def before(turn, attempt):\n    return True\n")
        let live = try LiveBench(bench)
        func settled() throws -> Int {
            let requests = String(decoding: try bench.scripts.read("requests"), as: UTF8.self)
            return requests.split(separator: "\n").filter { $0 == "session/settle" }.count
        }

        for day in Bench.days.prefix(3) { live.feed.add(day) }

        #expect(
            try await eventually(within: .seconds(30)) {
                // The file is not there before the gateway has been asked for the first time.
                (try? settled()) == 3
            }
        )
        #expect(try await turns(of: "ingestor", in: bench) == 0)
        #expect(try await live.stop() == .stopped)
    }

    @Test("the waits between attempts double, up to half a minute")
    func waits() {
        let start = MonotonicInstant(nanoseconds: 0)
        var trouble = GatewayTrouble("it died", at: start)
        var seconds: [Int64] = []

        for _ in 0..<7 {
            seconds.append(trouble.tryAgainAt.nanoseconds / 1_000_000_000)
            trouble.tryLater(than: start)
        }

        #expect(seconds == [1, 2, 4, 8, 16, 30, 30])
    }
}
