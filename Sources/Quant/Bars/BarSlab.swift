// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Room for the columns of many bars in one piece of memory, filled in parts by several threads.
///
/// Each row is written once and by one thread, and read only after all threads are done.
final class BarSlab: @unchecked Sendable {
    /// The number of rows that there is room for.
    let capacity: Int
    private let piece: UnsafeMutableRawBufferPointer
    private let memory: UnsafeMutableRawPointer
    private let stride: Int
    /// The prices of each row's day; nil from a file that has none.
    private let days: UnsafeMutablePointer<DayPrices>?

    /// Makes room; nil when the system has none to give.
    init?(capacity: Int, hasDays: Bool = false) {
        // Columns are a cache line apart beyond their length, so that equal rows of different
        // columns do not compete for the same places in the cache.
        let (bytes, overflow) = capacity.multipliedReportingOverflow(by: 8)
        guard capacity >= 0, !overflow, bytes < 1 << 56 else { return nil }
        stride = (bytes + 63) / 64 * 64 + 64
        guard let piece = MemoryPool.shared.take(stride * 6), let memory = piece.baseAddress else {
            return nil
        }
        self.piece = piece
        self.memory = memory
        self.capacity = capacity
        days = hasDays ? .allocate(capacity: capacity) : nil
    }

    deinit {
        days?.deallocate()
        MemoryPool.shared.give(piece)
    }

    /// The times.
    var times: UnsafeMutablePointer<Instant> {
        memory.assumingMemoryBound(to: Instant.self)
    }

    /// One of the columns open, high, low, close and volume, from 0.
    func numbers(_ column: Int) -> UnsafeMutablePointer<Double> {
        precondition((0..<5).contains(column), "a bar has five numbers")
        return (memory + (column + 1) * stride).assumingMemoryBound(to: Double.self)
    }

    /// Writes a bar into a row.
    func set(_ row: Int, to bar: Bar) {
        precondition((0..<capacity).contains(row), "the row is within the room")
        times[row] = bar.time
        numbers(0)[row] = bar.open
        numbers(1)[row] = bar.high
        numbers(2)[row] = bar.low
        numbers(3)[row] = bar.close
        numbers(4)[row] = bar.volume
        if let days { (days + row).initialize(to: bar.day ?? .unknown) }
    }

    /// The bar of a row.
    func bar(_ row: Int, symbol: Symbol) -> Bar {
        precondition((0..<capacity).contains(row), "the row is within the room")
        return Bar(
            symbol: symbol,
            time: times[row],
            open: numbers(0)[row],
            high: numbers(1)[row],
            low: numbers(2)[row],
            close: numbers(3)[row],
            volume: numbers(4)[row],
            day: days?[row]
        )
    }

    /// The series of some ranges of rows: in place for one long range, else copied.
    func series(symbol: Symbol, rows: [Range<Int>]) -> BarSeries {
        BarSeries(
            symbol: symbol,
            times: column(UnsafePointer(times), rows),
            open: column(UnsafePointer(numbers(0)), rows),
            high: column(UnsafePointer(numbers(1)), rows),
            low: column(UnsafePointer(numbers(2)), rows),
            close: column(UnsafePointer(numbers(3)), rows),
            volume: column(UnsafePointer(numbers(4)), rows),
            days: days.map { column(UnsafePointer($0), rows) }
        )
    }

    /// Columns shorter than this are copied, so that a few bars do not keep a large piece of
    /// memory and can grow at once.
    private static let leastBorrowed = 1 << 14

    private func column<Element>(
        _ base: UnsafePointer<Element>,
        _ rows: [Range<Int>]
    ) -> BarColumn<Element> {
        if rows.count == 1, rows[0].count >= Self.leastBorrowed {
            let part = UnsafeBufferPointer(start: base + rows[0].lowerBound, count: rows[0].count)
            return BarColumn(borrowing: part, from: self)
        }
        var elements: [Element] = []
        elements.reserveCapacity(rows.reduce(0) { $0 + $1.count })
        for range in rows {
            elements += UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
        }
        return BarColumn(elements)
    }
}
