// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import struct Quant.Execution
import Testing
import Trading

@Suite("Limits in the gateway")
struct LimitServiceTests {
    private func answer(_ reply: JSON) -> String {
        reply["result"]?["reason"]?.stringValue ?? reply["result"]?["state"]?.stringValue ?? "error"
    }

    @Test("a refused order is kept with its reason, also through a restart, and uses up nothing")
    func refused() throws {
        let bench = try Bench(limits: { $0[.orderQuantity] = Decimal8(10) })
        bench.settle(1)
        let first = bench.ask(.submit, Bench.entry("a", day: 1, quantity: "11"))
        let digest = bench.summary()["digest"]
        try bench.reopen()
        bench.round(1, 1)

        let again = bench.ask(.submit, Bench.entry("a", day: 1, quantity: "11"))
        let reused = bench.ask(.submit, Bench.entry("a", day: 1, quantity: "10"))

        #expect(answer(first) == "order_quantity: 11 is more than 10")
        #expect(again == first)
        #expect(answer(reused) == "id reused")
        #expect(bench.summary()["digest"] == digest)
        #expect(bench.summary()["orders"] == 0)
        #expect(answer(bench.ask(.submit, Bench.entry("b", day: 1))) == "accepted")
    }

    @Test("what was asked before a restart counts after it")
    func remembered() throws {
        let bench = try Bench(limits: {
            $0[.duplicateWindow] = Decimal8(60)
            $0[.ordersPerMinute] = Decimal8(2)
        })
        bench.settle(1)
        _ = bench.ask(.submit, Bench.entry("a", day: 1))
        try bench.reopen()
        bench.round(1, 1)

        let repeated = bench.ask(.submit, Bench.entry("b", day: 1))
        let other = bench.ask(.submit, Bench.entry("c", day: 1, instrument: "BBB"))

        #expect(answer(repeated).hasPrefix("duplicate_window: "))
        #expect(answer(other).hasPrefix("orders_per_minute: "))
    }

    @Test("orders beyond the rate leave no trace, so that a flood fills nothing")
    func flood() throws {
        let bench = try Bench(limits: { $0[.ordersPerMinute] = Decimal8(2) })
        bench.settle(1)
        _ = bench.ask(.submit, Bench.entry("a", day: 1, instrument: "ZZZ"))
        _ = bench.ask(.submit, Bench.entry("b", day: 1, instrument: "YYY"))
        bench.isPermitting = false
        let digest = bench.summary()["digest"]

        for number in 0..<50 {
            let reply = bench.ask(.submit, Bench.entry("f\(number)", day: 1))
            #expect(answer(reply).hasPrefix("orders_per_minute: "))
        }

        #expect(bench.summary()["digest"] == digest)
    }

    @Test("entries that wait count as held")
    func waiting() throws {
        let bench = try Bench(limits: { $0[.grossExposure] = Decimal8(units: Decimal8.scale / 10) })
        bench.settle(1)
        let answers = (0..<20).map { number in
            answer(bench.ask(.submit, Bench.entry("a\(number)", day: 1)))
        }

        let passed = answers.filter { $0 == "accepted" }.count

        #expect((5...9).contains(passed))
        #expect(answers.last?.hasPrefix("gross_exposure: ") == true)
    }

    @Test("of an entry that is filled in part only the rest waits")
    func waitingInPart() throws {
        let bench = try Bench(
            execution: Execution(volumeShare: 0.5),
            limits: { $0[.grossExposure] = Decimal8(units: Decimal8.scale / 10) }
        )
        bench.settle(1)
        _ = bench.ask(.submit, Bench.entry("a", day: 1, quantity: "60"))
        bench.settle(2)

        let lots = bench.ask(.readAccount)["result"]?["lots"]?.arrayValue
        let more = bench.ask(.submit, Bench.entry("b", day: 2, quantity: "10"))

        // 26 and 34 at 115 are held and wait; counted twice they would leave no room for 10.
        #expect(lots?.map { $0["quantity"] } == ["26"])
        #expect(answer(more) == "accepted")
    }

    @Test("a stricter limit of the owner's holds at once, a looser one not before a restart")
    func tightened() throws {
        var owner: OrderLimits?
        let bench = try Bench(newLimits: { owner }, limits: { $0[.orderQuantity] = Decimal8(20) })
        bench.settle(1)
        var limits = bench.settings.limits
        limits[.orderQuantity] = Decimal8(5)
        owner = limits

        let strict = bench.ask(.submit, Bench.entry("a", day: 1, quantity: "6"))
        limits[.orderQuantity] = Decimal8(1_000)
        owner = limits
        let loosened = bench.ask(.submit, Bench.entry("b", day: 1, quantity: "6"))

        #expect(answer(strict).hasPrefix("order_quantity: "))
        #expect(answer(loosened).hasPrefix("order_quantity: 6 is more than 5"))
    }

    @Test("on a live desk a price ages by the time of day, and stale data stops entries alone")
    func stale() throws {
        var now = Instant(secondsSinceEpoch: 946_684_800 + 2 * 86_400)
        let bench = try Bench(now: { now }, limits: { $0[.dataAge] = Decimal8(86_400) })
        bench.round(1, 0)
        _ = bench.ask(.submit, Bench.entry("a", day: 1, hold: 90))
        bench.settle(2)
        now = now.adding(seconds: 86_401)
        let lot = bench.ask(.readAccount)["result"]?["lots"]?.arrayValue?.first ?? .null

        let entry = bench.ask(.submit, Bench.entry("b", day: 2))
        let exit = bench.ask(.submit, Bench.exit(of: lot, id: "x", day: 2))

        #expect(answer(entry).hasPrefix("data_age: "))
        #expect(answer(exit) == "accepted")
    }

    private func limited(_ id: String, _ limit: String, day: Int = 1) -> JSON {
        let order = Bench.entry(id, day: day)
        return .object((order.objectValue ?? []) + [.init("limit", .string(limit))])
    }

    @Test("an order's limit lies near the last price, and is what it is filled at, or not at all")
    func collar() throws {
        // AAA closes at 117 on day 1, opens at 119 on day 2 and falls to 112.
        let bench = try Bench(limits: { $0[.priceCollar] = Decimal8(units: Decimal8.scale / 10) })
        bench.settle(1)
        bench.round(1, 1)

        let far = bench.ask(.submit, limited("a", "128.70000001"))
        let near = bench.ask(.submit, limited("b", "128.7"))
        let open = bench.ask(.submit, limited("c", "119"))
        let deep = bench.ask(.submit, limited("d", "111.9"))
        bench.settle(2)

        let events = bench.service.currentExchange.events
        #expect(answer(far).hasPrefix("price_collar: the order's price 128.70000001"))
        #expect(answer(near) == "accepted")
        #expect(answer(open) == "accepted" && answer(deep) == "accepted")
        #expect(events.map(\.name) == ["orderFilled", "orderFilled", "orderExpired"])
        #expect(
            events.last?.kind == .orderExpired(try OrderID("d"), .beyondLimit)
        )
        let lots = bench.service.currentExchange.book.account.lots
        #expect(lots[try OrderID("b")]?.fill.price.description == "119.0357")
        #expect(lots[try OrderID("c")]?.fill.price.description == "119")
    }

    @Test("an exit has no limit")
    func limitedExit() throws {
        let bench = try Bench()
        bench.settle(1)
        bench.round(1, 1)
        _ = bench.ask(.submit, Bench.entry("a", day: 1, hold: 90))
        bench.settle(2)
        let lot = bench.ask(.readAccount)["result"]?["lots"]?.arrayValue?.first ?? .null
        let exit = Bench.exit(of: lot, id: "x", day: 2)

        let reply = bench.ask(
            .submit,
            .object((exit.objectValue ?? []) + [.init("limit", "100")])
        )

        #expect(reply.errorCode == .invalidParameters)
    }

    @Test("the owner's file is read with its lines, and looked at again when it changes")
    func file() throws {
        let bench = try Bench()
        let base = bench.settings.limits
        var complaints: [String] = []
        let owner = OwnerLimits(in: bench.folder, base: base) { complaints.append($0) }
        let without = try owner.load()
        try bench.folder.replace("limits.yml", with: Array("# mine\ndrawdown: 0.02\n".utf8))
        let changed = owner.loadChange()
        let unchanged = owner.loadChange()
        try bench.folder.replace("limits.yml", with: Array("drawdown: 2 %\n".utf8))
        let broken = owner.loadChange()

        #expect(without == base)
        #expect(changed?.differences(from: base) == [.drawdown])
        #expect(unchanged == nil)
        #expect(broken == nil)
        #expect(complaints.count == 1)
        #expect(complaints.first?.contains("limits.yml:1: drawdown: found '2 %'") == true)
        #expect(throws: TradingError.self) { try owner.load() }
    }

    @Test(
        "a file of limits that is no list of keys keeps a gateway from starting",
        arguments: ["drawdown", "drawdown: {a: 1}", "- a", "drawdown: [[1]]", "a: b: c"]
    )
    func nonsense(text: String) throws {
        let bench = try Bench()
        try bench.folder.replace("limits.yml", with: Array(text.utf8))
        let owner = OwnerLimits(in: bench.folder, base: bench.settings.limits)

        #expect(throws: (any Error).self) { try owner.load() }
    }

    @Test(
        "a file of limits without a key changes nothing",
        arguments: ["", "\n", "# drawdown: 0\n"]
    )
    func comments(text: String) throws {
        let bench = try Bench()
        try bench.folder.replace("limits.yml", with: Array(text.utf8))

        let limits = try OwnerLimits(in: bench.folder, base: bench.settings.limits).load()

        #expect(limits == bench.settings.limits)
    }
}
