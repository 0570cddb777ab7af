// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@testable import Quant

@Suite("Fills in whole steps")
struct ExactBookTests {
    private static let one: Int128 = 100_000_000

    private func book(_ costs: Costs, multiplier: Double) throws -> ExactBook {
        let rules = TradingRules(
            sign: 1,
            size: 1,
            units: nil,
            lot: 1,
            multiplier: multiplier,
            limit: nil,
            stop: nil,
            target: nil,
            hold: nil
        )
        return try #require(ExactBook(rules, costs: costs))
    }

    /// A product of steps by long division, halves to the even step.
    private func product(_ left: Int128, _ right: Int128) -> Int128 {
        let (quotient, rest) = (left * right).quotientAndRemainder(dividingBy: Self.one)
        let twice = rest.magnitude * 2
        guard twice > Self.one.magnitude || (twice == Self.one.magnitude && quotient % 2 != 0)
        else { return quotient }
        return quotient + (rest < 0 ? -1 : 1)
    }

    @Test("prices, values and fees are those of long division, however large", arguments: 0..<4)
    func random(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<5_000 {
            let bits = Int64.random(in: 20...44, using: &random)
            let market = Int128(Int64.random(in: 1...(1 << bits), using: &random))
            // Some are whole.
            let unit: Int128 = Bool.random(using: &random) ? 1_000_000 : Self.one / 2
            let units = Int128(Int64.random(in: 1...(1 << (51 - bits)), using: &random)) * unit
            let rates = (0..<3).map { _ in Int128(Int64.random(in: 0...900_000, using: &random)) }
            let multiplier: Int128 = 10
            let sign: Int128 = Bool.random(using: &random) ? 1 : -1
            func number(_ steps: Int128) -> Double { Double(steps) / 1e8 }
            let costs = Costs(
                feeRate: number(rates[0]),
                slippageRate: number(rates[1]),
                feePerUnit: number(rates[2])
            )

            let fill = try #require(
                try book(costs, multiplier: Double(multiplier))
                    .fill(number(units * sign), at: number(market))
            )

            let price = max(1, market + sign * product(market, rates[1]))
            let value = product(price, units * multiplier)
            let fee = product(value, rates[0]) + product(units, rates[2])
            #expect(fill.price == number(price))
            #expect(fill.change == -sign * value - fee)
            #expect(fill.value == number(value))
            #expect(fill.fee == number(fee))
        }
    }

    @Test("half a step goes to the even one", arguments: [(1, 0), (3, 2), (5, 2), (7, 4)])
    func halves(steps: Int, expected: Int) throws {
        let half = try book(Costs(feeRate: 0.5, slippageRate: 0), multiplier: 1)

        let fill = try #require(half.fill(1, at: Double(steps) / 1e8))

        #expect(fill.fee == Double(expected) / 1e8)
    }

    @Test("what 64 bits do not hold has no exact fill")
    func large() throws {
        let book = try book(Costs(feeRate: 0, slippageRate: 0), multiplier: 1000)

        #expect(book.fill(1e6, at: 20) != nil)
        #expect(book.fill(1e6, at: 30_000) == nil)
        #expect(book.fill(1, at: 0.123456789012) == nil)
    }
}
