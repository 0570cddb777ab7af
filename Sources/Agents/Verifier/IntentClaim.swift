// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// The typed fields of an intent, which is all that a verifier reads of it.
struct IntentClaim {
    let hash: ContentHash
    let symbol: Symbol
    let action: String

    init(_ signal: Signal) throws {
        let fields = try JSONFields(signal.body, path: "intent")
        hash = try fields.hash("strategy_hash")
        symbol = try Symbol(validating: try fields.string("symbol"))
        action = try fields.string("action")
    }

    var isEntry: Bool { action == "enter" }
}
