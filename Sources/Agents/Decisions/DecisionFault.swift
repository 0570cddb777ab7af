// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why what a model says of one symbol is no decision.
package struct DecisionFault: Error, Hashable, CustomStringConvertible {
    /// The kinds of faults.
    package enum Code: String, CaseIterable {
        /// Nothing is said of the symbol.
        case missing
        /// It has not the form.
        case form
        /// The symbol is none that was asked about.
        case unknownSymbol
        /// The action is none that there is.
        case unknownAction
        /// The action does not fit what is held.
        case illegalAction
        /// An entry without its plan.
        case missingPlan
        /// Stop or target lie on the wrong side of the price.
        case wrongSide
        /// A number is out of range.
        case range
        /// It is said twice.
        case twice
    }

    package let code: Code
    package let symbol: String
    package let reason: String

    /// The fault as the model is told.
    package var description: String { "\(symbol): \(reason)" }
}
