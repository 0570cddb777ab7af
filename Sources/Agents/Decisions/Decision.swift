// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What a model decides on one symbol.
package struct Decision: Hashable {
    /// What is to be done.
    package enum Action: Hashable {
        /// A position is entered, `long` or `short`.
        case enter(side: String)
        /// Everything stays as it is.
        case hold
        /// The position is left.
        case close
    }

    package let symbol: String
    package let action: Action
    package let quantity: Double?
    package let profitTarget: Double?
    package let stopLoss: Double?
    package let invalidation: String
    package let leverage: Int
    package let confidence: Double?
    package let risk: Double?
    package let justification: String

    /// The decision as an intent tells it.
    var json: JSON {
        let name =
            switch action {
            case .enter(let side): side == "long" ? "buy_to_enter" : "sell_to_enter"
            case .hold: "hold"
            case .close: "close_position"
            }
        func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
        return [
            "signal": .string(name), "quantity": number(quantity),
            "profit_target": number(profitTarget), "stop_loss": number(stopLoss),
            "invalidation_condition": .string(invalidation), "leverage": .int(Int64(leverage)),
            "confidence": number(confidence), "risk_usd": number(risk),
            "justification": .string(justification),
        ]
    }
}
