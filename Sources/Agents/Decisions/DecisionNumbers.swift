// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The numbers of a decision: numbers of JSON and nothing that only looks like one.
struct DecisionNumbers {
    let quantity: Double?
    let profitTarget: Double?
    let stopLoss: Double?
    let leverage: Int
    let confidence: Double?
    let risk: Double?

    /// The highest leverage, and the largest number of any kind.
    static let leverageLimit = 40, largest = 1e12

    init(
        _ fields: JSONFields,
        _ fault: (DecisionFault.Code, String) -> DecisionFault
    ) throws(DecisionFault) {
        func number(
            _ name: String,
            _ range: ClosedRange<Double>
        ) throws(DecisionFault) -> Double? {
            guard let value = fields.optional(name) else { return nil }
            guard let number = value.doubleValue else {
                throw fault(.form, "\(name): expected a number, found \(value.kind)")
            }
            guard range.contains(number) else {
                throw fault(
                    .range,
                    "\(name): found \(number); expected from \(range.lowerBound) to"
                        + " \(range.upperBound)"
                )
            }
            return number
        }
        let positive = Double.leastNormalMagnitude...Self.largest
        quantity = try number("quantity", 0...Self.largest)
        profitTarget = try number("profit_target", positive)
        stopLoss = try number("stop_loss", positive)
        confidence = try number("confidence", 0...1)
        risk = try number("risk_usd", 0...Self.largest)
        let factor = try number("leverage", 1...Double(Self.leverageLimit)) ?? 1
        guard factor == factor.rounded() else {
            throw fault(.range, "leverage: found \(factor); expected a whole number")
        }
        leverage = Int(factor)
    }
}
