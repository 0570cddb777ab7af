// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A wait that a signal can cut short.
public enum Pause {
    /// Waits until a deadline, or until a descriptor becomes readable.
    ///
    /// - Returns: Whether the descriptor ended the wait.
    /// - Throws: `systemCall` when waiting itself fails.
    public static func wait(
        until deadline: MonotonicInstant,
        clock: any MonotonicClock,
        wake: Int32?
    ) throws(ProcessError) -> Bool {
        var entries = [pollfd(fd: wake ?? -1, events: Readiness.readable, revents: 0)]
        return try Readiness.wait(&entries, until: deadline, clock: clock)
    }
}
