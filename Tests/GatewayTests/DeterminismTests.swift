// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import struct Quant.Execution
import Testing
import Trading

@Suite("Determinism of the gateway")
struct DeterminismTests {
    /// What one client asks in a round.
    private typealias Request = (GatewayMethod, JSON)

    /// The requests of one day, drawn from a seed and from what the account shows.
    private func requests(_ day: Int, _ account: JSON, _ random: inout SeededRandom) -> [Request] {
        var requests: [Request] = []
        for number in 0..<Int.random(in: 0...4, using: &random) {
            let quantity = Int.random(in: 1...120, using: &random)
            let order = Bench.entry(
                "d\(day)-\(number)",
                day: day,
                instrument: Bench.instruments.randomElement(using: &random) ?? "AAA",
                side: Bool.random(using: &random) ? "buy" : "sell",
                quantity: "\(quantity).5",
                hold: Int64.random(in: 1...6, using: &random)
            )
            requests.append((.submit, order))
        }
        for (place, lot) in (account["lots"]?.arrayValue ?? []).enumerated()
        where Int.random(in: 0..<5, using: &random) == 0 {
            requests.append((.submit, Bench.exit(of: lot, id: "x\(day)-\(place)", day: day)))
        }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: requests += [(.halt, ["reason": "limit"]), (.halt, ["reason": "other limit"])]
        case 1: requests.append((.halt, ["reason": "limit", "state": "reducing"]))
        case 2: requests += [(.closeAll, ["reason": "a"]), (.closeAll, ["reason": "b"])]
        case 3...6: requests.append((.resume, ["reason": "a person"]))
        default: break
        }
        return requests
    }

    /// Runs some days; `disturb` may shuffle or repeat what a round asks.
    private func run(
        _ bench: Bench,
        seed: UInt64,
        days: Int = 25,
        disturb: ([Request]) -> [Request],
        afterEach: () throws -> Void = {}
    ) throws {
        var random = SeededRandom(seed: seed)
        for day in 1...days {
            bench.settle(day)
            try afterEach()
            for round in 0..<2 {
                bench.round(day, round)
                let account = bench.ask(.readAccount)["result"] ?? .null
                let drawn = round == 0 ? requests(day, account, &random) : []
                for (method, parameters) in disturb(drawn) {
                    #expect(bench.ask(method, parameters)["result"] != nil)
                    try afterEach()
                    bench.round(day, round)
                }
            }
        }
    }

    /// A market that fills in parts, later and at an impact.
    private static let thin = Execution(volumeShare: 0.5, latency: 1, impact: 0.1)

    @Test(
        "the order of arrival within a round leaves no trace",
        arguments: 1...6 as ClosedRange<UInt64>
    )
    func arrivalOrder(seed: UInt64) throws {
        let execution = seed % 2 == 0 ? Self.thin : .immediate
        let plain = try Bench(capital: 20_000, execution: execution)
        try run(plain, seed: seed) { $0 }
        let expected = plain.summary()

        for shuffle in 1...4 as ClosedRange<UInt64> {
            let bench = try Bench(capital: 20_000, execution: execution)
            var random = SeededRandom(seed: seed * 100 + shuffle)
            try run(bench, seed: seed) { $0.shuffled(using: &random) }
            #expect(bench.summary() == expected)
            #expect(bench.service.currentExchange == plain.service.currentExchange)
        }
        #expect((expected["trades"]?.intValue ?? 0) > (execution == .immediate ? 5 : 2))
    }

    @Test("asking everything twice leaves no trace")
    func repeats() throws {
        let plain = try Bench(capital: 20_000)
        try run(plain, seed: 9) { $0 }

        let bench = try Bench(capital: 20_000)
        try run(bench, seed: 9) { $0 + $0 }

        #expect(bench.summary() == plain.summary())
    }

    @Test(
        "a service rebuilt after every step equals the one that went on",
        arguments: [11, 12, 13] as [UInt64],
        [.immediate, thin]
    )
    func reload(seed: UInt64, execution: Execution) throws {
        let bench = try Bench(capital: 20_000, execution: execution)
        var steps = 0

        try run(
            bench,
            seed: seed,
            disturb: { $0 },
            afterEach: {
                let live = bench.service.currentExchange
                try bench.rebuild()
                #expect(bench.service.currentExchange == live)
                steps += 1
            }
        )

        #expect(steps > 40)
        let fills = bench.service.currentExchange.events.reduce(into: [:] as [OrderID: Int]) {
            if case .orderFilled(let fill) = $1.kind { $0[fill.order, default: 0] += 1 }
        }
        #expect(fills.values.contains { $0 > 1 } == (execution != .immediate))
    }

    @Test("a ledger that is closed and opened between days ends with the same digest")
    func reopened() throws {
        let plain = try Bench(capital: 20_000)
        try run(plain, seed: 21, days: 8) { $0 }

        let bench = try Bench(capital: 20_000)
        try run(bench, seed: 21, days: 8, disturb: { $0 }, afterEach: { try bench.reopen() })

        #expect(bench.summary() == plain.summary())
    }

    @Test("different histories have different digests")
    func different() throws {
        let first = try Bench(capital: 20_000)
        let second = try Bench(capital: 20_000)

        try run(first, seed: 1) { $0 }
        try run(second, seed: 2) { $0 }

        #expect(first.summary()["digest"] != second.summary()["digest"])
    }
}
