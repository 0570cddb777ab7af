// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Testing
import Trading

@Suite("Exit plans with no agent alive")
struct ExitGuardTests {
    private func plan(
        stop: JSON = .null,
        target: JSON = .null,
        hold: Int64 = 90,
        condition: String? = nil
    ) -> JSON {
        var members: [JSON.Member] = [
            .init("stop", stop), .init("target", target), .init("holdLimit", .int(hold)),
            .init("invalidation", "see the condition"), .init("confidence", "0.5"),
            .init("risk", "50"),
        ]
        if let condition { members.append(.init("invalidIf", .string(condition))) }
        return .object(members)
    }

    private func entry(
        _ id: String,
        day: Int,
        instrument: String = "AAA",
        side: String = "buy",
        plan: JSON
    ) -> JSON {
        let order = Bench.entry(id, day: day, instrument: instrument, side: side)
        let members = (order.objectValue ?? []).map {
            $0.name == "plan" ? JSON.Member("plan", plan) : $0
        }
        return .object(members)
    }

    /// The same order of the same signal under another id.
    private func renamed(_ order: JSON, _ id: String) -> JSON {
        .object(
            (order.objectValue ?? []).map { $0.name == "id" ? .init("id", .string(id)) : $0 }
        )
    }

    private func trade(_ bench: Bench, _ entry: String) -> Trade? {
        for case .lotClosed(let trade) in bench.service.currentExchange.events.map(\.kind)
        where trade.entry.description == entry {
            return trade
        }
        return nil
    }

    @Test("a condition that holds at a close closes the lot at the next open, and nothing before")
    func invalidation() throws {
        // AAA closes at 115, 113 and 111 on the days 2 to 4.
        let bench = try Bench()
        bench.settle(1)
        bench.round(1, 1)
        _ = bench.ask(.submit, entry("a", day: 1, plan: plan(condition: "close < 115")))
        bench.settle(2)
        let before = trade(bench, "a")
        bench.settle(3)
        let waiting = bench.service.currentExchange.book.pending.keys.map(\.description)
        bench.settle(4)

        let closed = try #require(trade(bench, "a"))
        #expect(before == nil)
        #expect(waiting == ["a!invalidation"])
        #expect(closed.reason == .invalidation)
        #expect(closed.exit.description == "a!invalidation")
        #expect(closed.closed.description == Bench.day(4))
        #expect(closed.quantity.description == "10")
    }

    @Test(
        "a condition looks back over the sessions before the entry, and a restart changes nothing"
    )
    func history() throws {
        let condition = "close < sma(close, 4)"
        let whole = try Bench()
        let broken = try Bench()
        for bench in [whole, broken] {
            for day in 1...9 { bench.settle(day) }
            bench.round(9, 1)
            _ = bench.ask(.submit, entry("a", day: 9, plan: plan(condition: condition)))
        }

        for day in 10...20 {
            whole.settle(day)
            broken.settle(day)
            try broken.reopen()
        }

        #expect(trade(whole, "a")?.reason == .invalidation)
        #expect(trade(broken, "a") == trade(whole, "a"))
        #expect(broken.summary()["digest"] == whole.summary()["digest"])
    }

    @Test(
        "a condition that nobody can check is no plan",
        arguments: ["", "close <", "closes < 1", "close", "close < fetch(1)"]
    )
    func unreadable(condition: String) throws {
        let bench = try Bench()
        bench.settle(1)
        bench.round(1, 1)

        let reply = bench.ask(.submit, entry("a", day: 1, plan: plan(condition: condition)))

        #expect(reply.errorCode == .invalidParameters)
    }

    @Test("a plan without the condition of its verdict, or with another, is refused")
    func verdict() throws {
        let bench = try Bench()
        bench.isPermitting = false
        bench.settle(1)
        bench.round(1, 1)
        let own = entry("a", day: 1, plan: plan(condition: "close < 90"))
        bench.permit(own, changing: ["invalidIf": "close < 90"])

        let without = bench.ask(.submit, entry("a", day: 1, plan: plan()))["result"]
        let other = plan(condition: "close < 1")
        let changed = bench.ask(.submit, renamed(entry("a", day: 1, plan: other), "b"))["result"]
        let right = bench.ask(.submit, renamed(own, "c"))["result"]

        let reason: JSON = "verdict: verdict-of-s-a closes when close < 90"
        #expect(without?["reason"] == reason)
        #expect(changed?["reason"] == reason)
        #expect(right?["state"] == "accepted")
    }

    @Test(
        "every plan acts within one session of its rule and on all that is held",
        arguments: [1, 2, 3] as [UInt64]
    )
    func oracle(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let bench = try Bench(capital: 10_000_000)
        var plans: [String: DrawnPlan] = [:]
        for day in 1...12 {
            bench.settle(day)
            bench.round(day, 1)
            for number in 0..<4 {
                let name = "o\(day)-\(number)"
                let drawn = DrawnPlan(&random)
                let order = entry(
                    name,
                    day: day,
                    instrument: Bench.instruments[drawn.place],
                    side: drawn.isLong ? "buy" : "sell",
                    plan: plan(
                        stop: drawn.stop.map { .string("\($0)") } ?? .null,
                        target: drawn.target.map { .string("\($0)") } ?? .null,
                        hold: Int64(drawn.hold),
                        condition: drawn.condition
                    )
                )
                let reply = bench.ask(.submit, order)["result"]
                if reply?["state"] == "accepted" { plans[name] = drawn }
            }
        }

        // From here on nobody speaks but the one who tells that a session has passed.
        for day in 13...80 { bench.settle(day) }

        var seen: [ExitReason: Int] = [:]
        for event in bench.service.currentExchange.events {
            guard case .orderFilled(let fill) = event.kind, fill.isEntry,
                let drawn = plans[fill.entry.description]
            else { continue }
            let expected = drawn.exit(enteredOn: day(fill.time))
            let closed = trade(bench, fill.entry.description)
            #expect(closed.map { day($0.closed) } == expected?.day)
            #expect(closed?.reason == expected?.reason)
            #expect(closed == nil || closed?.quantity == fill.quantity)
            if let reason = closed?.reason { seen[reason, default: 0] += 1 }
        }
        #expect(Set(seen.keys) == [.stop, .target, .invalidation, .holdLimit])
        #expect(bench.service.currentExchange.book.account.lots.isEmpty)
    }

    private func day(_ time: Instant) -> Int {
        Int((time.secondsSinceEpoch - 946_684_800) / 86_400)
    }
}

/// A plan in whole numbers, with what it asks for reckoned from ``WavePrices`` alone.
private struct DrawnPlan {
    let place: Int
    let isLong: Bool
    let stop: Int?
    let target: Int?
    let hold: Int
    /// The level of the condition.
    private let level: Int?

    init(_ random: inout SeededRandom) {
        place = Int.random(in: 0..<3, using: &random)
        isLong = Bool.random(using: &random)
        let sign = isLong ? 1 : -1
        func draw(_ range: ClosedRange<Int>, _ direction: Int) -> Int? {
            guard Bool.random(using: &random) else { return nil }
            return 109 + sign * direction * Int.random(in: range, using: &random)
        }
        stop = draw(8...24, -1)
        target = draw(8...24, 1)
        hold = Int.random(in: 1...30, using: &random)
        level = draw(1...9, -1)
    }

    var condition: String? { level.map { "close \(isLong ? "<" : ">") \($0)" } }

    func exit(enteredOn first: Int) -> (day: Int, reason: ExitReason)? {
        var held = 0
        var due: ExitReason?
        for day in first...80 where (day + place) % 7 != 0 {
            if let due { return (day, due) }
            held += 1
            let open = 100 + (day * (place + 3) * 7) % 23
            let close = 100 + (day * (place + 5) * 11) % 19
            let (low, high) = (min(open, close) - 3, max(open, close) + 2)
            if let reason = touch(open, open) ?? touch(isLong ? low : high, isLong ? high : low) {
                return (day, reason)
            }
            if let level, isLong ? close < level : close > level {
                due = .invalidation
            } else if held >= hold {
                due = .holdLimit
            }
        }
        return nil
    }

    private func touch(_ worst: Int, _ best: Int) -> ExitReason? {
        if let stop, isLong ? worst <= stop : worst >= stop { return .stop }
        if let target, isLong ? best >= target : best <= target { return .target }
        return nil
    }
}
