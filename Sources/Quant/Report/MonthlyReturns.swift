// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The growth of equity by calendar months and years, in coordinated universal time.
public struct MonthlyReturns: Sendable, Hashable {
    /// One year.
    public struct Year: Sendable, Hashable {
        /// The year.
        public let year: Int
        /// Twelve returns; nil for months without a value.
        public let months: [Double?]
        /// The return over all of them.
        public let total: Double
    }

    /// The years, oldest first.
    public let years: [Year]

    /// Compares the last equity of each month with the last one before it, and that of the first
    /// month with the first equity.
    ///
    /// Times are oldest first, as many as values. A month after equity is used up has no return.
    public init(times: [Instant], equity: [Double]) {
        precondition(times.count == equity.count, "every time has an equity")
        var ends: [(month: Int, index: Int)] = []
        var index = 0
        while index < times.count {
            let parts = times[index].date.parts
            let month = parts.year * 12 + parts.month - 1
            let end = Self.firstIndex(after: month, in: times, from: index)
            ends.append((month, end - 1))
            index = end
        }
        var years: [Year] = []
        var months = [Double?](repeating: nil, count: 12)
        var last = equity.first ?? 0
        var yearStart = last
        for (place, end) in ends.enumerated() {
            let value = equity[end.index]
            months[end.month % 12] = last > 0 ? value / last - 1 : nil
            last = value
            let next = place + 1 < ends.count ? ends[place + 1].month / 12 : nil
            guard next != end.month / 12 else { continue }
            let total = yearStart > 0 ? value / yearStart - 1 : 0
            years.append(Year(year: end.month / 12, months: months, total: total))
            months = [Double?](repeating: nil, count: 12)
            yearStart = value
        }
        self.years = years
    }

    /// The first index whose time lies in a later month.
    private static func firstIndex(after month: Int, in times: [Instant], from: Int) -> Int {
        let year = (month + 1) / 12
        guard let date = CalendarDate(year: year, month: (month + 1) % 12 + 1, day: 1) else {
            return times.count
        }
        var low = from
        var high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle].date < date { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
