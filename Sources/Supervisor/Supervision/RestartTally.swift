// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// The restarts of an agent or group that are still remembered.
struct RestartTally: Sendable, Hashable {
    /// When they were, oldest first; never more than are allowed within the window.
    var restarts: [MonotonicInstant] = []
    /// How many failures there were in a row.
    var failures = 0
    /// Since when all has been up again.
    var upSince: MonotonicInstant?

    /// Whether it has been up for so long that nothing of this matters any more.
    func isStable(at now: MonotonicInstant, after span: Duration) -> Bool {
        guard let upSince else { return false }
        return now.since(upSince) >= span
    }

    /// Drops restarts that lie a window back or further.
    mutating func forget(at now: MonotonicInstant, window: Duration) {
        restarts.removeAll { now.since($0) >= window }
    }
}
