// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// When a server that fails is tried again.
package struct RestartPolicy: Sendable, Hashable {
    /// The wait after the second failure in a row; it doubles with each further one.
    package var base: Duration
    /// The longest wait.
    package var longest: Duration

    package init(base: Duration = .seconds(1), longest: Duration = .seconds(60)) {
        self.base = base
        self.longest = longest
    }

    /// The wait after so many failures in a row; none after the first.
    package func wait(after failures: Int) -> Duration {
        guard failures > 1 else { return .zero }
        return min(base * (1 << min(failures - 2, 20)), longest)
    }
}
