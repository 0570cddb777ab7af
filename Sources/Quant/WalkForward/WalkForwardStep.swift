// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One stretch of a walk-forward run, and what was chosen for it.
public struct WalkForwardStep: Sendable, Hashable {
    /// The first instant that the choice was made on.
    public let trainFrom: Instant
    /// The last one.
    public let trainThrough: Instant
    /// The first instant that was traded.
    public let testFrom: Instant
    /// The last one.
    public let testThrough: Instant
    /// The values that were chosen.
    public let parameters: [String: Double]
    /// The figure that they had on the bars of the choice; nil when no combination had one, and
    /// the first was taken.
    public let score: Double?
}
