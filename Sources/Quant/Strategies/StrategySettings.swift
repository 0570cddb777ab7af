// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The numbers of a strategy as they are written, some of which name a parameter.
struct StrategySettings: Sendable {
    /// A number, the name of a parameter, or an expression.
    enum Amount: Sendable {
        case number(Double)
        case parameter(String)
        case expression(String)
    }

    let side: Strategy.Side
    let size: Amount
    let units: Amount?
    let lot: Double
    let multiplier: Double
    let costs: Costs?
    let limit: Amount?
    let stop: Amount?
    let target: Amount?
    let hold: Amount?

    /// The expressions of a distance, by the member that holds them.
    var limitDistance: String? { limit?.expression }
    var stopDistance: String? { stop?.expression }
    var targetDistance: String? { target?.expression }

    /// The numbers for some values of the parameters.
    /// - Throws: A ``QuantError`` with code `badStrategy` for a number out of range.
    func rules(_ parameters: [String: Double]) throws(QuantError) -> TradingRules {
        func value(_ amount: Amount) -> Double? {
            switch amount {
            case .number(let number): number
            case .parameter(let name): parameters[name]
            case .expression: nil
            }
        }
        func share(
            _ name: String,
            _ amount: Amount?,
            most: Double
        ) throws(QuantError) -> Double? {
            guard let amount, let number = value(amount) else { return nil }
            guard number > 0, number <= most else {
                throw Self.error(
                    "\(name): expected above 0 and at most \(BarCSV.text(of: most)), "
                        + "found \(BarCSV.text(of: number))"
                )
            }
            return number
        }
        var bars: Int?
        if let hold, let number = value(hold) {
            guard let whole = Int(exactly: number), whole >= 1 else {
                throw Self.error("hold: expected at least 1 bar, found \(BarCSV.text(of: number))")
            }
            bars = whole
        }
        return TradingRules(
            sign: side == .long ? 1 : -1,
            size: try share("size", units == nil ? size : .number(1), most: 1) ?? 1,
            units: try share("units", units, most: 1e12),
            lot: lot,
            multiplier: multiplier,
            limit: try share("limit", limit, most: side == .long ? 0.99 : 1000),
            stop: try share("stop", stop, most: side == .long ? 1 : 1000),
            target: try share("target", target, most: side == .short ? 1 : 1000),
            hold: bars
        )
    }

    /// The members of the canonical form; what was left out or has its default is left out.
    var members: [JSON.Member] {
        var members: [JSON.Member] = []
        if let units {
            members.append(JSON.Member("units", units.json))
        } else {
            members.append(JSON.Member("size", size.json))
        }
        if lot != 1 { members.append(JSON.Member("lot", Self.number(lot))) }
        if multiplier != 1 { members.append(JSON.Member("multiplier", Self.number(multiplier))) }
        if let costs, costs != .none {
            let rates = [
                JSON.Member("fee", Self.number(costs.feeRate)),
                JSON.Member("fee_per_unit", Self.number(costs.feePerUnit)),
                JSON.Member("slippage", Self.number(costs.slippageRate)),
            ]
            members.append(JSON.Member("costs", .object(rates + costs.execution.members)))
        }
        if let limit { members.append(JSON.Member("limit", limit.json)) }
        if let stop { members.append(JSON.Member("stop", stop.json)) }
        if let target { members.append(JSON.Member("target", target.json)) }
        if let hold { members.append(JSON.Member("hold", hold.json)) }
        return members
    }

    static func number(_ value: Double) -> JSON {
        Int64(exactly: value).map { .int($0) } ?? .double(value)
    }

    private static func error(_ reason: String) -> QuantError {
        QuantError(.badStrategy, operation: "read strategy", reason: "strategy.\(reason)")
    }
}

extension StrategySettings.Amount {
    /// The expression, when it is one.
    var expression: String? {
        guard case .expression(let text) = self else { return nil }
        return text
    }

    fileprivate var json: JSON {
        switch self {
        case .number(let value): StrategySettings.number(value)
        case .parameter(let name): .string(name)
        case .expression(let text): .string(text)
        }
    }
}
