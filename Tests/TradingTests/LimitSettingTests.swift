// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Setting the limits of orders")
struct LimitSettingTests {
    private func limits() throws -> OrderLimits {
        OrderLimits(
            capital: try Samples.money("100000"),
            products: [try InstrumentID("A"), try InstrumentID("B")]
        )
    }

    private func entry(_ name: String, _ values: String..., isList: Bool = false)
        -> OrderLimits.Entry
    {
        OrderLimits.Entry(name, values, isList: isList, line: 3)
    }

    @Test("every limit with a number can be set by its name")
    func names() throws {
        for limit in OrderLimit.numbers {
            var limits = try limits()

            try limits.set([entry(limit.rawValue, limit.form == .span ? "7s" : "7")])

            #expect(limits[limit] == Decimal8(7))
            #expect(limits.differences(from: try self.limits()) == [limit])
        }
    }

    @Test("limits written out and read again are the same")
    func text() throws {
        let limits = try limits()
        var read = OrderLimits(capital: try Samples.money("7"), products: [])

        let entries = limits.text.split(separator: "\n").map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts[1].drop { $0 == " " }
            let isList = value.hasPrefix("[")
            let values = isList ? ["A", "B"] : [String(value)]
            return OrderLimits.Entry(String(parts[0]), values, isList: isList, line: nil)
        }
        try read.set(entries)

        #expect(read == limits)
        #expect(limits.text.contains("data_age: 5d\n"))
        #expect(limits.text.contains("products: [A, B]\n"))
    }

    @Test(
        "a value that makes no sense is refused with its line, and nothing is set",
        arguments: [
            ("drawdown", "-0.1"), ("drawdown", "nan"), ("drawdown", "1e3"), ("drawdown", "101"),
            ("orders_per_minute", "1.5"), ("order_notional", "99999999999"), ("data_age", "5"),
            ("data_age", "-5d"), ("data_age", "366d"), ("data_age", "9999999999999999999d"),
            ("state", "1"), ("orders", "1"), ("products", "A"), ("order_quantity", ""),
        ]
    )
    func nonsense(name: String, value: String) throws {
        var limits = try limits()

        let error = #expect(throws: TradingError.self) {
            try limits.set([entry("gross_exposure", "0.5"), entry(name, value)])
        }

        #expect(error?.code == .invalidConfiguration)
        #expect(error?.description.contains("limits.yml:3") == true)
        #expect(error?.description.contains(name) == true)
        #expect(limits == (try self.limits()))
    }

    @Test("a list where a number belongs and a bad product are refused")
    func lists() throws {
        var limits = try limits()

        #expect(throws: TradingError.self) {
            try limits.set([entry("drawdown", "0.1", isList: true)])
        }
        #expect(throws: TradingError.self) { try limits.set([entry("drawdown", "0.1", "0.2")]) }
        #expect(throws: TradingError.self) {
            try limits.set([entry("products", "A", "B C", isList: true)])
        }
        try limits.set([entry("products", isList: true)])
        #expect(limits.products.isEmpty)
    }

    @Test("limits tighten at once and do not loosen", arguments: OrderLimit.numbers)
    func tightening(limit: OrderLimit) throws {
        var less = try limits()
        var more = try limits()
        less[limit] = Decimal8(1)
        more[limit] = Decimal8(2)
        let (strict, loose) = limit.isStricterWhenLarger ? (more, less) : (less, more)
        var fromLoose = OrderControls(limits: loose, market: ControlMarket())
        var fromStrict = OrderControls(limits: strict, market: ControlMarket())

        #expect(fromLoose.tighten(to: strict) == [limit])
        #expect(fromStrict.tighten(to: loose).isEmpty)
        #expect(fromLoose.limits == strict)
        #expect(fromStrict.limits == strict)
    }

    @Test("a product that is taken off the list is off at once, and comes back at a restart alone")
    func products() throws {
        var fewer = try limits()
        fewer.products = [try InstrumentID("A")]
        var controls = OrderControls(limits: try limits(), market: ControlMarket())

        #expect(controls.tighten(to: fewer) == [.products])
        #expect(controls.tighten(to: try limits()).isEmpty)
        #expect(controls.limits.products == fewer.products)
    }
}
