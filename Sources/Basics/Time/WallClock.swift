// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Tells the time of day, which a person or a time server may change at any moment.
public protocol WallClock: Sendable {
    /// Returns the present moment.
    func now() -> Instant
}
