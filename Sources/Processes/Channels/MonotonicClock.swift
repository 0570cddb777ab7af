// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Tells the time for deadlines; tests pass one that they move themselves.
public protocol MonotonicClock: Sendable {
    /// Returns the present moment, never earlier than the one before.
    func now() -> MonotonicInstant
}

extension MonotonicClock {
    /// Returns the deadline so far from now.
    public func deadline(in duration: Duration) -> MonotonicInstant {
        now().advanced(by: duration)
    }
}
