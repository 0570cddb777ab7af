// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// Why one attempt at a turn came to nothing.
struct TurnFailure: Error {
    /// What happened, the same words each time the same thing happens.
    private(set) var reason: String
    /// Whether it came from outside, such as a kill signal, and says nothing about the agent.
    let isForeign: Bool
    /// What was refused, if anything was and could be kept.
    var kept: RefusedStore.ID?
    /// What it had asked for, and what came of that.
    var tape = TurnTape()
    /// Whether the turn came to an output that was refused.
    var isRefusal = false
    /// What it has cost all the same; nil when nothing is known of it.
    var spending: TurnSpending?

    init(_ reason: String, isForeign: Bool = false) {
        self.reason = reason
        self.isForeign = isForeign
    }

    /// The most characters of a reason, which may quote what an agent wrote and gets into a commit.
    static let reasonLimit = 1000

    /// The same failure, its reason bounded, on one line, and with secrets masked.
    func fit(for secrets: SecretScan) -> TurnFailure {
        let scalars = secrets.masked(reason).unicodeScalars.prefix(Self.reasonLimit)
        var line = String.UnicodeScalarView()
        for scalar in scalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format: line.append(" ")
            default: line.append(scalar)
            }
        }
        var failure = self
        failure.reason = String(line)
        return failure
    }
}
