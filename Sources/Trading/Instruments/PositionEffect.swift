// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a trade in futures does to the position, which decides the fee.
public enum PositionEffect: String, Sendable, Hashable, CaseIterable {
    /// It opens one.
    case open
    /// It closes one of an earlier trading day, or of any where the exchange does not ask.
    case close
    /// It closes one of the same trading day.
    case closeToday = "close_today"
}
