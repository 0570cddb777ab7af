// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// How long a restart waits: after one failure not at all, then a random part of a span that
/// doubles with each further failure in a row.
///
/// The whole span is random, from nothing to its end, so that agents that fell together do not
/// come back together.
struct RestartPolicy: Sendable, Hashable {
    /// The span after the second failure.
    var base: Duration = .milliseconds(100)
    /// The longest span.
    var cap: Duration = .seconds(30)

    /// The span after so many failures in a row.
    func span(afterFailures failures: Int) -> Duration {
        guard failures > 1 else { return .zero }
        var span = min(base, cap)
        for _ in 2..<failures where span < cap {
            span = min(span * 2, cap)
        }
        return span
    }

    /// The wait after so many failures in a row, to the microsecond.
    func delay(afterFailures failures: Int, random: inout SeededRandom) -> Duration {
        let span = span(afterFailures: failures)
        let microseconds = Double(span.wholeNanoseconds / 1000) * random.nextUnit()
        return .microseconds(Int64(microseconds))
    }
}
