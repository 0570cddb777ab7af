// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// Finds out that a process is stopped or stuck, from its signs of life or from the kernel.
///
/// A process that announces beats is dead when two are missed. Of one that does not, the kernel is
/// asked once per beat whether it is stopped, and it is dead when it was twice in a row.
struct BeatWatch: Sendable {
    /// What is known of a process.
    enum Verdict: Sendable, Hashable {
        case alive
        /// It must be killed, for the reason given.
        case dead(String)
    }

    private let interval: Duration
    private var lastBeat: MonotonicInstant
    private var lastCheck: MonotonicInstant
    private var stops = 0

    /// Begins to watch; nil when the interval is zero, which turns beats off.
    init?(every interval: Duration, at now: MonotonicInstant) {
        guard interval > .zero else { return nil }
        self.interval = interval
        lastBeat = now
        // All are checked at the same moments, so that the supervisor wakes up once for all.
        let span = max(1, MonotonicInstant(nanoseconds: 0).advanced(by: interval).nanoseconds)
        lastCheck = MonotonicInstant(nanoseconds: now.nanoseconds - now.nanoseconds % span)
    }

    /// When to check next.
    var nextCheck: MonotonicInstant {
        min(lastCheck.advanced(by: interval), lastBeat.advanced(by: interval * 2))
    }

    /// Takes note of a sign of life: any line will do.
    mutating func beat(at now: MonotonicInstant) {
        lastBeat = max(lastBeat, now)
    }

    /// Judges the process, at ``nextCheck`` and after the lines that it has written were read.
    ///
    /// After a long pause of the supervisor itself, such as a sleeping computer, the process gets
    /// one more interval to say something.
    /// - Parameters:
    ///   - now: The present moment.
    ///   - announcesBeats: Whether the process sends beats.
    ///   - isStopped: Asks the kernel whether the process is stopped.
    /// - Returns: Whether it must be killed.
    mutating func check(
        at now: MonotonicInstant,
        announcesBeats: Bool,
        isStopped: () -> Bool
    ) -> Verdict {
        guard now >= nextCheck else { return .alive }
        let isLate = now.since(nextCheck) >= interval / 2
        lastCheck = now
        if !announcesBeats { lastBeat = now }
        stops = isStopped() ? stops + 1 : 0
        if isLate {
            stops = min(stops, 1)
            lastBeat = max(lastBeat, now.advanced(by: .zero - interval))
        }
        if stops >= 2 { return .dead("it was stopped for two beats") }
        return now.since(lastBeat) >= interval * 2 ? .dead("it missed two beats") : .alive
    }
}
