// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// What the attempts at one turn have come to so far.
struct TurnAttempts {
    /// Failures that the agent itself is to blame for.
    private(set) var own = 0
    /// Failures that came from outside: a kill signal, or the gateway's death.
    private(set) var foreign = 0
    /// Why the last one failed.
    private(set) var reason = ""
    /// What the failed ones have cost together; nil when nothing is known of it.
    private(set) var spending: TurnSpending?
    /// What the last one had asked for.
    private(set) var tape = TurnTape()

    /// Failures from outside that one turn survives before it is parked all the same.
    static let foreignLimit = 50

    /// The wait before the first repetition doubles up to this, in milliseconds.
    static let longestBackoff: Int64 = 30_000

    /// Counts a failure.
    mutating func count(_ failure: TurnFailure, isForeign: Bool) {
        if isForeign { foreign += 1 } else { own += 1 }
        reason = failure.reason
        tape = failure.tape
        spending = .sum(spending, failure.spending)
    }

    /// Whether the turn is given up.
    func areUsedUp(of allowed: Int) -> Bool {
        own >= allowed || foreign >= Self.foreignLimit
    }

    /// The milliseconds to wait after so many failures of its own.
    static func backoff(after failures: Int, base: Int64) -> Int64 {
        min(base << min(max(0, failures - 1), 10), longestBackoff)
    }
}
