// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension StrategyDraft {
    /// The numbers, whose ranges are checked once the parameters have values.
    static func settings(
        _ fields: JSONFields,
        side: Strategy.Side,
        parameters: [String: Double]
    ) throws(JSONError) -> StrategySettings {
        func amount(_ name: String) throws(JSONError) -> StrategySettings.Amount? {
            guard let json = fields.optional(name) else { return nil }
            guard let text = json.stringValue else { return .number(try fields.double(name)) }
            guard parameters[text] != nil else {
                let known = parameters.keys.sorted().joined(separator: ", ")
                throw JSONError(
                    "strategy.\(name): expected a number or the name of a parameter, found "
                        + "'\(text.prefix(40))'; "
                        + (known.isEmpty ? "there are no parameters" : "there are \(known)")
                )
            }
            return .parameter(text)
        }
        func level(_ name: String) throws(JSONError) -> StrategySettings.Amount? {
            if let text = fields.optional(name)?.stringValue, parameters[text] == nil {
                return .expression(ExpressionText(text).normalized)
            }
            return try amount(name)
        }
        let size = try amount("size")
        let units = try amount("units")
        guard (size == nil) != (units == nil) else {
            throw JSONError(
                size == nil
                    ? "strategy: 'size' is missing; give it or 'units'"
                    : "strategy.units: give either 'size' or 'units'"
            )
        }
        return StrategySettings(
            side: side,
            size: size ?? .number(1),
            units: units,
            lot: try positive("lot", fields),
            multiplier: try positive("multiplier", fields),
            costs: try costs(fields),
            limit: try level("limit"),
            stop: try level("stop"),
            target: try level("target"),
            hold: try amount("hold")
        )
    }

    static func positive(
        _ name: String,
        _ fields: JSONFields
    ) throws(JSONError) -> Double {
        guard fields.optional(name) != nil else { return 1 }
        let value = try fields.double(name)
        guard value >= 1e-8, value <= 1e9 else {
            throw JSONError(
                "strategy.\(name): expected 0.00000001 to 1000000000, found "
                    + BarCSV.text(of: value)
            )
        }
        return value
    }

    static func costs(_ fields: JSONFields) throws(JSONError) -> Costs? {
        guard fields.optional("costs") != nil else { return nil }
        let inner = try fields.object("costs")
        try inner.allowOnly(["fee", "fee_per_unit", "slippage"] + Execution.names)
        func rate(_ name: String, below limit: Double) throws(JSONError) -> Double {
            guard inner.optional(name) != nil else { return 0 }
            let value = try inner.double(name)
            guard value >= 0, value < limit else {
                throw JSONError(
                    "strategy.costs.\(name): expected at least 0 and below "
                        + "\(BarCSV.text(of: limit)), found \(BarCSV.text(of: value))"
                )
            }
            return value
        }
        return Costs(
            feeRate: try rate("fee", below: 1),
            slippageRate: try rate("slippage", below: 1),
            feePerUnit: try rate("fee_per_unit", below: 1e9),
            execution: try Execution(inner, path: "strategy.costs")
        )
    }
}
