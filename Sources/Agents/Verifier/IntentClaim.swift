// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// The typed fields of an intent, which is all that a verifier reads of it.
struct IntentClaim {
    /// The strategy; nil for one that was never proposed.
    let hash: ContentHash?
    /// The instrument; nil for one that the desk does not trade.
    let symbol: Symbol?
    let action: String

    init(_ signal: Signal) {
        hash = signal.body["strategy_hash"]?.stringValue.flatMap { ContentHash(hex: $0) }
        symbol = signal.body["symbol"]?.stringValue.flatMap { Symbol($0) }
        action = signal.body["action"]?.stringValue ?? "enter"
    }

    var isEntry: Bool { action == "enter" }
}
