// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Waits for descriptors; the only place that blocks in poll(2).
enum Readiness {
    static let readable = Int16(POLLIN)
    static let writable = Int16(POLLOUT)

    /// Waits until an entry is ready or the deadline passes; false when it has passed.
    ///
    /// A deadline in the past still reports what is ready now.
    static func wait(
        _ entries: inout [pollfd],
        until deadline: MonotonicInstant,
        clock: any MonotonicClock
    ) throws(ProcessError) -> Bool {
        while true {
            let (patience, isLast) = milliseconds(until: deadline, clock)
            let ready = poll(&entries, UInt(entries.count), patience)
            if ready > 0 { return true }
            if ready == 0 {
                guard isLast else { continue }
                return false
            }
            let number = errno
            guard number == EINTR else {
                throw ProcessError("wait for", "\(entries.count) channels", errorNumber: number)
            }
        }
    }

    /// The time to wait, rounded up so that no deadline is early, and whether that is all of it:
    /// poll takes no more than 24 days at once.
    private static func milliseconds(
        until deadline: MonotonicInstant,
        _ clock: any MonotonicClock
    ) -> (Int32, isLast: Bool) {
        guard deadline != .distantFuture else { return (-1, true) }
        let left = clock.now().nanosecondsLeft(until: deadline)
        let whole = left / 1_000_000 + (left % 1_000_000 > 0 ? 1 : 0)
        return whole > Int64(Int32.max) ? (Int32.max, false) : (Int32(whole), true)
    }

    /// Waits for one descriptor.
    static func wait(
        for events: Int16,
        on descriptor: Int32,
        until deadline: MonotonicInstant,
        clock: any MonotonicClock
    ) throws(ProcessError) -> Bool {
        var entries = [pollfd(fd: descriptor, events: events, revents: 0)]
        return try wait(&entries, until: deadline, clock: clock)
    }
}
