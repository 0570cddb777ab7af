// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The bars of one instrument, oldest first, held as one column per field.
public struct BarSeries: Sendable, Hashable {
    /// The instrument.
    public let symbol: Symbol
    /// The times, strictly increasing.
    public private(set) var times: BarColumn<Instant> = []
    /// The first prices.
    public private(set) var open: BarColumn<Double> = []
    /// The highest prices.
    public private(set) var high: BarColumn<Double> = []
    /// The lowest prices.
    public private(set) var low: BarColumn<Double> = []
    /// The last prices.
    public private(set) var close: BarColumn<Double> = []
    /// The quantities traded.
    public private(set) var volume: BarColumn<Double> = []
    /// What the venue says of each bar's day; nil when no bar has any of it.
    public private(set) var days: BarColumn<DayPrices>?
    /// What is known of the prices; another one once a bar was added.
    private(set) var check = PriceCheck()

    /// Creates a series without bars.
    public init(symbol: Symbol) {
        self.symbol = symbol
    }

    /// Creates a series of bars, which must be of that symbol and in order of time.
    public init(symbol: Symbol, bars: some Sequence<Bar>) {
        self.symbol = symbol
        for bar in bars { append(bar) }
    }

    /// Creates a series of columns of equal length, whose times must be strictly increasing.
    public init(
        symbol: Symbol,
        times: BarColumn<Instant>,
        open: BarColumn<Double>,
        high: BarColumn<Double>,
        low: BarColumn<Double>,
        close: BarColumn<Double>,
        volume: BarColumn<Double>,
        days: BarColumn<DayPrices>? = nil
    ) {
        precondition(days.map { $0.count == times.count } ?? true, "each bar has a day or none has")
        for column in [open, high, low, close, volume] {
            precondition(column.count == times.count, "the columns of a series are equally long")
        }
        self.symbol = symbol
        self.times = times
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.days = days
    }

    /// The number of bars.
    public var count: Int { times.count }

    /// Whether there are no bars.
    public var isEmpty: Bool { times.isEmpty }

    /// The bar at an index.
    public subscript(index: Int) -> Bar {
        Bar(
            symbol: symbol,
            time: times[index],
            open: open[index],
            high: high[index],
            low: low[index],
            close: close[index],
            volume: volume[index],
            day: days?[index]
        )
    }

    /// The series of the bars in an index range; the whole range copies nothing.
    public subscript(range: Range<Int>) -> BarSeries {
        guard range != 0..<count else { return self }
        var slice = BarSeries(symbol: symbol)
        slice.times = BarColumn(Array(times[range]))
        slice.open = BarColumn(Array(open[range]))
        slice.high = BarColumn(Array(high[range]))
        slice.low = BarColumn(Array(low[range]))
        slice.close = BarColumn(Array(close[range]))
        slice.volume = BarColumn(Array(volume[range]))
        slice.days = days.map { BarColumn(Array($0[range])) }
        return slice
    }

    /// All bars as values, oldest first.
    public var bars: [Bar] { (0..<count).map { self[$0] } }

    /// Adds a bar, which must be of this symbol and later than the last one.
    public mutating func append(_ bar: Bar) {
        precondition(bar.symbol == symbol, "a series holds the bars of one symbol")
        if let last = times.last {
            precondition(last < bar.time, "the bars of a series are strictly ordered by time")
        }
        if !isKnownUniquelyReferenced(&check) || check.leastClose != nil { check = PriceCheck() }
        times.append(bar.time)
        open.append(bar.open)
        high.append(bar.high)
        low.append(bar.low)
        close.append(bar.close)
        volume.append(bar.volume)
        guard bar.day != nil || days != nil else { return }
        if days == nil { days = BarColumn(Array(repeating: .unknown, count: count - 1)) }
        days?.append(bar.day ?? .unknown)
    }

    /// The index of the first bar at or after a time; `count` when there is none.
    public func firstIndex(atOrAfter time: Instant) -> Int {
        times.lowerBound { $0 < time }
    }

    /// The index of the first bar after a time; `count` when there is none.
    public func firstIndex(after time: Instant) -> Int {
        times.lowerBound { $0 <= time }
    }

    /// The bars from a time through another, both included.
    public func slice(from: Instant, through: Instant) -> BarSeries {
        let lower = firstIndex(atOrAfter: from)
        return self[lower..<max(lower, firstIndex(after: through))]
    }
}
