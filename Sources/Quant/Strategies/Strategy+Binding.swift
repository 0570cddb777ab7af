// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension Strategy {
    /// The same strategy with other values for some of its parameters.
    /// - Throws: A ``QuantError``: `badParameter` for a name that is no parameter or a value that
    ///   is not finite, and what reading a strategy throws for a value that does not fit.
    public func binding(_ values: [String: Double]) throws(QuantError) -> Strategy {
        try requireParameters(values)
        let merged = parameters.merging(values) { $1 }
        let members = merged.sorted { $0.key < $1.key }.map {
            JSON.Member($0.key, StrategySettings.number($0.value))
        }
        guard case .object(let old) = json else { return self }
        return try Strategy(
            .object(
                old.map { $0.name == "parameters" ? JSON.Member($0.name, .object(members)) : $0 }
            )
        )
    }

    /// Refuses names that are no parameters and values that are no numbers.
    func requireParameters(
        _ values: [String: Double],
        operation: String = "bind parameters"
    ) throws(QuantError) {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard parameters[name] != nil else {
                let known = parameters.keys.sorted().joined(separator: ", ")
                throw QuantError(
                    .badParameter,
                    operation: operation,
                    reason: "the strategy has no parameter '\(name)'; "
                        + (known.isEmpty ? "it has none" : "it has \(known)")
                )
            }
            guard value.isFinite else {
                throw QuantError(
                    .badParameter,
                    operation: operation,
                    reason: "the value of '\(name)' is \(value) and must be a number"
                )
            }
        }
    }
}
