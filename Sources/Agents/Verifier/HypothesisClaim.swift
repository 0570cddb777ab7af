// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// What a verifier is given of a report: a strategy to judge, or why there is none.
enum HypothesisClaim {
    case strategy(Strategy, ContentHash)
    case fault(String)

    /// Reads a report; whatever is wrong with it is a reason to fail it, and never an error.
    init(_ signal: Signal) {
        if let fault = signal.body["fault"]?.stringValue {
            self = .fault(Self.reasons[fault] ?? "the report cannot be judged")
            return
        }
        guard let json = signal.body["strategy"], let strategy = try? Strategy(json) else {
            self = .fault("the report holds no strategy that can be read")
            return
        }
        let hash = TypedStrategy.hash(of: strategy)
        guard signal.body["strategy_hash"]?.stringValue == hash.description else {
            self = .fault("the strategy is not the one that its hash names")
            return
        }
        self = .strategy(strategy, hash)
    }

    /// What the supervisor found, in words.
    private static let reasons = [
        "malformed": "the report holds no strategy that can be read",
        "free_text": "the strategy holds a text or a name that has no place in an expression",
        "unknown_symbol": "the strategy trades a symbol that the desk does not",
        "other_hash": "the strategy is not the one that its hash names",
    ]
}
