// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a fill closes, as far as fees depend on it.
public struct ClosedPosition: Sendable, Hashable {
    /// When the position was entered.
    public let opened: Instant
    /// Whether the fill is at the close of its bar, behind everything else of it.
    public let isAtClose: Bool

    /// Says what is closed.
    public init(opened: Instant, isAtClose: Bool) {
        self.opened = opened
        self.isAtClose = isAtClose
    }
}
