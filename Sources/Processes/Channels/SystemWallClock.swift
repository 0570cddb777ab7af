// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
internal import Glibc

/// The computer's own time of day.
public struct SystemWallClock: WallClock {
    /// Creates the clock.
    public init() {}

    /// Returns the present moment.
    ///
    /// Wraps `clock_gettime(CLOCK_REALTIME)`.
    public func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(
            nanosecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        )
    }
}
