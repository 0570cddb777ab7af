// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// A gateway that does not stay alive at the moment.
///
/// Whoever needs it waits, everybody else goes on.
struct GatewayTrouble {
    let reason: String
    private(set) var tries = 0
    private(set) var tryAgainAt: MonotonicInstant

    /// The wait doubles up to this.
    static let longestWait: Duration = .seconds(30)

    init(_ reason: String, at now: MonotonicInstant) {
        self.reason = reason
        tryAgainAt = now
        tryLater(than: now)
    }

    /// Takes note of one more attempt in vain.
    mutating func tryLater(than now: MonotonicInstant) {
        let wait = min(Self.longestWait, .seconds(1 << min(tries, 10)))
        tries += 1
        tryAgainAt = now.advanced(by: wait)
    }
}
