// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Trading

/// The prices at which orders were decided, kept in the executor's memory until what they opened is
/// closed, so that each trade says what it lost between decision and fill.
struct DecisionPrices {
    private static let key = "decisions"

    private var prices: [String: Decimal8] = [:]

    /// Reads them; a member that is no price is left out.
    init(_ state: StateFile) {
        for member in state[Self.key]?.objectValue ?? [] {
            prices[member.name] = member.value.stringValue.flatMap { Decimal8($0) }
        }
    }

    /// Writes them, sorted by the ids of the orders.
    func write(to state: inout StateFile) {
        let members = prices.sorted { $0.key < $1.key }.map {
            JSON.Member($0.key, .string($0.value.description))
        }
        state[Self.key] = members.isEmpty ? nil : .object(members)
    }

    /// Notes the close at which an order that was taken had been decided.
    mutating func note(_ order: OrderID, _ close: Decimal8) { prices[order.description] = close }

    /// Forgets an order that is never filled.
    mutating func forget(_ order: OrderID) { prices[order.description] = nil }

    /// What a trade lost between its decisions and its fills, and forgets them.
    ///
    /// Amounts are positive where the fill was worse. An exit that nobody decided, such as a stop,
    /// has none.
    mutating func slippage(of trade: Trade, multiplier: Decimal8) -> [JSON.Member] {
        let entry = prices.removeValue(forKey: trade.entry.description)
        let exit = prices.removeValue(forKey: trade.exit.description)
        let sign = Decimal8(trade.side == .buy ? 1 : -1)
        func lost(_ fill: Price, _ decision: Decimal8?, _ sign: Decimal8) -> JSON {
            guard let decision else { return .null }
            let perUnit = ((fill.value - decision) * sign).doubleValue
            // What lies beyond the range of decimals is no slippage that anybody has had.
            return Decimal8(
                rounding: perUnit * trade.quantity.value.doubleValue * multiplier.doubleValue
            )
            .map { .string($0.description) } ?? .null
        }
        return [
            JSON.Member("decision_price", entry.map { .string($0.description) } ?? .null),
            JSON.Member("slippage", lost(trade.entryPrice, entry, sign)),
            JSON.Member("exit_decision_price", exit.map { .string($0.description) } ?? .null),
            JSON.Member("exit_slippage", lost(trade.exitPrice, exit, -sign)),
        ]
    }
}
