// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One order of a plan to close a position.
public struct CloseLeg: Sendable, Hashable {
    /// Which position it closes.
    public let effect: PositionEffect
    /// How many lots.
    public let lots: Decimal8
}
