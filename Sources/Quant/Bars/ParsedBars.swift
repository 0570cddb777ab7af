// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a file of bars held: the bars that may be used and what is wrong with the others.
public struct ParsedBars: Sendable, Hashable {
    /// The accepted bars, one series per symbol, sorted by symbol.
    public let series: [BarSeries]
    /// The faults and warnings, in the order of the file.
    public let faults: [BarFault]

    /// Creates a result.
    public init(series: [BarSeries], faults: [BarFault]) {
        self.series = series
        self.faults = faults
    }

    /// The number of accepted bars.
    public var count: Int { series.reduce(0) { $0 + $1.count } }
}
