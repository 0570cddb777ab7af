// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// Reads the strategies of scripted agents, which have one member, `on`.
struct ScriptedStrategies: StrategyReader {
    var fingerprint = "scripted"

    func read(_ strategy: JSON) -> StrategyReading {
        guard let text = strategy["on"]?.stringValue else { return .fault("malformed") }
        return .typed(
            TypedHypothesis(
                hash: ContentHash(of: "typed \(text)"),
                strategy: ["on": .string(text)],
                original: ContentHash(of: text),
                family: "trend"
            )
        )
    }
}
