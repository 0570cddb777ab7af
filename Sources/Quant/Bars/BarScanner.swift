// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import CKernels

/// Reads the rows of one part of a CSV file straight into columns.
///
/// Rows in the usual form are read in one pass over their bytes. Whatever is unusual goes to
/// ``BarRowReader``, which knows every form and says what is wrong.
struct BarScanner {
    typealias Bytes = UnsafePointer<UInt8>

    private let end: Bytes
    /// Up to here a field may be read without looking for the end of the file.
    private let safeEnd: Bytes?
    private let usesSymbols: Bool
    private let isAdjusted: Bool
    private let powers = DecimalPowers.shared
    private let layout: RowLayout
    private let program: UnsafePointer<Int>
    private let columnCount: Int
    private let targets: UnsafePointer<UnsafeMutablePointer<Double>>
    private let times: UnsafeMutablePointer<Instant>
    private var reader: BarRowReader
    private var builder: BarChunkBuilder
    private var clock = ClockReader()
    private var symbols = SymbolCache()
    private var slot = -1
    private var slotKey: UInt64 = 0

    /// The most bytes of one field that are read without asking where the file ends.
    private static let reach = 96

    /// Prepares for a part of a file that ends before `end`.
    init(
        endOfFile end: Bytes,
        length: Int,
        header: BarHeader,
        symbol: Symbol?,
        builder: BarChunkBuilder
    ) {
        self.end = end
        // Without it every row is read slowly, as those with prices of their day are.
        safeEnd = length > Self.reach && !header.hasDays ? end - Self.reach : nil
        usesSymbols = header[.symbol] != nil
        isAdjusted = header[.adjustedClose] != nil
        reader = BarRowReader(header: header, symbol: symbol)
        self.builder = builder
        layout = RowLayout(header, slab: builder.slab)
        program = UnsafePointer(layout.kinds)
        targets = UnsafePointer(layout.targets)
        columnCount = layout.count
        times = builder.slab.times
        if let symbol, !usesSymbols { slot = self.builder.slot(of: symbol) }
    }

    /// Reads the lines from one place to another, both at the start of a line or the end of the
    /// file, into the rows from a number on.
    mutating func scan(from start: Bytes, to stop: Bytes, line: Int, row: Int) -> BarChunk {
        var place = start
        var line = line
        var row = row
        while place < stop {
            if readRow(&place, into: row) {
                builder.add(row: row, slot: slot, line: line)
                row &+= 1
            } else if readSlowly(&place, line: line, into: row) {
                row &+= 1
            }
            line &+= 1
        }
        builder.end()
        return builder.chunk
    }

    /// Reads a row in the usual form and moves behind its line; false leaves the place.
    @inline(__always)
    private mutating func readRow(_ place: inout Bytes, into row: Int) -> Bool {
        guard let safeEnd else { return false }
        guard var cursor = readFields(from: place, until: safeEnd, into: row) else {
            return false
        }
        if cursor[0] == 0x0D { cursor += 1 }
        guard cursor[0] == 0x0A, !isAdjusted || adjust(row) else { return false }
        place = cursor + 1
        return true
    }

    /// Reads the fields of a row and returns the end of the last; nil when one is unusual.
    @inline(__always)
    private mutating func readFields(
        from start: Bytes,
        until safeEnd: Bytes,
        into row: Int
    ) -> Bytes? {
        var cursor = start
        var index = 0
        while true {
            guard cursor < safeEnd else { return nil }
            let kind = program[index]
            if kind >= RowLayout.open {
                guard let (next, value) = readNumber(at: cursor) else { return nil }
                (targets[kind] + (kind == RowLayout.adjusted ? 0 : row)).pointee = value
                cursor = next
            } else if kind == RowLayout.time {
                guard let (next, time) = clock.read(cursor) else { return nil }
                times[row] = time
                cursor = next
            } else {
                let next = kind == RowLayout.symbol ? readSymbol(cursor) : skip(cursor)
                guard let next else { return nil }
                cursor = next
            }
            index &+= 1
            if index == columnCount { return cursor }
            guard cursor[0] == 0x2C else { return nil }
            cursor += 1
        }
    }

    /// Reads digits with or without a point, up to 19 of them, and returns what is behind them.
    @inline(__always)
    private func readNumber(at start: Bytes) -> (Bytes, Double)? {
        // Both ends of a usual number are found in one look at it: what waits for the place of the
        // next field is most of the time that a row takes.
        let others = desk_no_digits(start) | 1 << 16
        let whole = others.trailingZeroBitCount
        guard whole > 0, whole <= 8 else { return readLongNumber(at: start) }
        let first = DigitBlock(at: start).value(of: whole)
        guard start[whole] == 0x2E else {
            return (start + whole, Double(Int64(bitPattern: first)))
        }
        let end = (others & (others &- 1)).trailingZeroBitCount
        let decimals = end &- whole &- 1
        guard end < 16, decimals > 0, decimals <= 8 else { return readLongNumber(at: start) }
        let second = DigitBlock(at: start + whole + 1).value(of: decimals)
        let digits = first &* powers.whole[decimals] &+ second
        guard digits != 0 else { return (start + end, 0) }
        guard let size = powers.double(digits, exponent: 0 &- decimals) else { return nil }
        return (start + end, size)
    }

    /// Reads a number of any sign and length in the same way.
    @inline(never)
    private func readLongNumber(at start: Bytes) -> (Bytes, Double)? {
        let isNegative = start[0] == 0x2D
        var (cursor, digits, count) = readDigits(at: isNegative ? start + 1 : start, 0)
        var decimals = 0
        if cursor[0] == 0x2E {
            (cursor, digits, decimals) = readDigits(at: cursor + 1, digits)
            count &+= decimals
        }
        guard count > 0, count <= 19 else { return nil }
        guard digits != 0 else { return (cursor, isNegative ? -0.0 : 0) }
        guard let size = powers.double(digits, exponent: 0 &- decimals) else { return nil }
        return (cursor, isNegative ? -size : size)
    }

    /// Appends the digits at a place to a number, at most 24 of them; returns what is behind them,
    /// the number and their count.
    @inline(__always)
    private func readDigits(at start: Bytes, _ number: UInt64) -> (Bytes, UInt64, Int) {
        let block = DigitBlock(at: start)
        let count = block.count
        guard count > 0 else { return (start, number, 0) }
        let first = number &* powers.whole[count] &+ block.value(of: count)
        guard count == 8 else { return (start + count, first, count) }
        let second = DigitBlock(at: start + 8)
        let more = second.count
        guard more > 0 else { return (start + 8, first, 8) }
        let joined = first &* powers.whole[more] &+ second.value(of: more)
        // Twenty digits and more are read elsewhere.
        guard more == 8 else { return (start + 8 + more, joined, 8 &+ more) }
        let third = DigitBlock(at: start + 16)
        let rest = third.count
        guard rest > 0 else { return (start + 16, joined, 16) }
        let all = joined &* powers.whole[rest] &+ third.value(of: rest)
        return (start + 16 + rest, all, 16 &+ rest)
    }
}

extension BarScanner {
    @inline(__always)
    private mutating func readSymbol(_ start: Bytes) -> Bytes? {
        let (key, length) = SymbolCache.key(at: start)
        guard length > 0 else { return nil }
        if key != slotKey {
            let known = symbols.slot(key)
            guard known >= 0 else { return nil }
            slot = known
            slotKey = key
        }
        return start + length
    }

    /// The end of a field that is not used.
    @inline(__always)
    private func skip(_ start: Bytes) -> Bytes? {
        guard let safeEnd else { return nil }
        var cursor = start
        while cursor < safeEnd {
            let byte = cursor[0]
            if byte == 0x2C || byte == 0x0A || byte == 0x0D { return cursor }
            cursor += 1
        }
        return nil
    }

    /// Scales the prices of a row; false when that cannot be done.
    private func adjust(_ row: Int) -> Bool {
        let (open, high, low, close) = (targets[0], targets[1], targets[2], targets[3])
        let adjusted = targets[5][0]
        guard close[row] > 0, low[row] > 0, adjusted > 0 else { return false }
        let factor = adjusted / close[row]
        open[row] = Bar.scaled(open[row], by: factor)
        high[row] = Bar.scaled(high[row], by: factor)
        low[row] = Bar.scaled(low[row], by: factor)
        close[row] = Bar.scaled(close[row], by: factor)
        return true
    }

    /// Reads a line of any form and moves behind it; true when it gave a row.
    private mutating func readSlowly(_ place: inout Bytes, line: Int, into row: Int) -> Bool {
        let start = place
        var stop = place
        while stop < end, stop[0] != 0x0A { stop += 1 }
        place = min(end, stop + 1)
        if stop > start, stop[-1] == 0x0D { stop -= 1 }
        guard stop > start else {
            // An empty line has a number all the same, so the rows around it are no one piece.
            builder.end()
            return false
        }
        switch reader.read(UnsafeBufferPointer(start: start, count: stop - start), number: line) {
        case .fault(let fault):
            builder.add(fault, line: line)
            return false
        case .bar(let bar):
            remember(bar.symbol)
            builder.slab.set(row, to: bar)
            // The prices of a day are inspected row by row.
            if bar.day != nil { builder.end() }
            builder.add(row: row, slot: slot, line: line)
            return true
        }
    }

    private mutating func remember(_ symbol: Symbol) {
        guard usesSymbols else { return }
        slot = builder.slot(of: symbol)
        slotKey = 0
        var key: UInt64 = 0
        let bytes = symbol.description.utf8
        guard bytes.count <= 8 else { return }
        for (index, byte) in bytes.enumerated() { key |= UInt64(byte) << UInt64(8 * index) }
        slotKey = key
        symbols.set(key, slot: slot)
    }
}
