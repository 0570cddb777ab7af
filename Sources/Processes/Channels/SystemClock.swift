// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The computer's own steady clock; it stands still while the computer sleeps.
public struct SystemClock: MonotonicClock {
    /// Creates the clock.
    public init() {}

    /// Returns the present moment.
    ///
    /// Wraps `clock_gettime(CLOCK_MONOTONIC)`.
    public func now() -> MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(
            nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        )
    }
}
