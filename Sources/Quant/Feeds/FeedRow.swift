// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One row as a feed delivers it, good or bad.
public struct FeedRow: Sendable, Hashable {
    /// The bar; nil when the row could not be read as one.
    public let bar: Bar?
    /// What is wrong with the row, warnings included; empty for a good one.
    public let faults: [BarFault]

    /// Creates a row.
    public init(bar: Bar?, faults: [BarFault] = []) {
        self.bar = bar
        self.faults = faults
    }

    /// The bar if it may be used; nil for a refused row.
    public var acceptedBar: Bar? { BarInspector.accepts(faults) ? bar : nil }
}
