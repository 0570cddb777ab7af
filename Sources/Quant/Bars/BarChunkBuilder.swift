// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Divides the rows of one part of a file into pieces, as ``BarInspector`` would judge each row
/// after the row before it.
struct BarChunkBuilder {
    let slab: BarSlab
    private let rules: BarRules
    private let now: Instant?
    private(set) var chunk = BarChunk()

    private let times: UnsafeMutablePointer<Instant>
    private let open: UnsafeMutablePointer<Double>
    private let high: UnsafeMutablePointer<Double>
    private let low: UnsafeMutablePointer<Double>
    private let close: UnsafeMutablePointer<Double>
    private let volume: UnsafeMutablePointer<Double>

    // The piece that is growing; its slot is -1 when there is none.
    private var slot = -1
    private var start = 0
    private var count = 0
    private var line = 0
    private var lastTime = Int64.min
    /// The first nanosecond behind the UTC day of the last time, when days matter.
    private var dayEnd = Int64.min

    init(slab: BarSlab, rules: BarRules, now: Instant?) {
        self.slab = slab
        self.rules = rules
        self.now = now
        times = slab.times
        open = slab.numbers(0)
        high = slab.numbers(1)
        low = slab.numbers(2)
        close = slab.numbers(3)
        volume = slab.numbers(4)
    }

    /// The place of a symbol in the chunk's list.
    mutating func slot(of symbol: Symbol) -> Int {
        if let index = chunk.symbols.firstIndex(of: symbol) { return index }
        chunk.symbols.append(symbol)
        return chunk.symbols.count - 1
    }

    /// Takes in a row of the slab that follows the row taken in before.
    @inline(__always)
    mutating func add(row: Int, slot newSlot: Int, line newLine: Int) {
        let time = times[row].nanosecondsSinceEpoch
        if newSlot == slot, time > lastTime, hasGoodValues(row), hasGoodDay(time) {
            lastTime = time
            count &+= 1
            return
        }
        begin(row: row, slot: newSlot, line: newLine, time: time)
    }

    /// Takes in a fault.
    mutating func add(_ fault: BarFault, line: Int) {
        end()
        chunk.faults.append(fault)
        chunk.pieces.append(
            BarPiece(slot: -1, start: chunk.faults.count - 1, count: 1, line: line)
        )
    }

    /// Ends the piece that is growing.
    mutating func end() {
        guard slot >= 0 else { return }
        chunk.pieces.append(BarPiece(slot: slot, start: start, count: count, line: line))
        slot = -1
    }

    private mutating func begin(row: Int, slot newSlot: Int, line newLine: Int, time: Int64) {
        end()
        (slot, start, count, line) = (newSlot, row, 1, newLine)
        lastTime = time
        dayEnd = .min
    }

    @inline(__always)
    private func hasGoodValues(_ row: Int) -> Bool {
        let (low, high, open, close) = (low[row], high[row], open[row], close[row])
        let volume = volume[row]
        return low > 0 && low <= open && low <= close && open <= high && close <= high
            && high < Bar.priceLimit && volume >= 0 && volume < .infinity
    }

    /// Whether the day of a time, which is later than the last one, breaks no rule.
    @inline(__always)
    private mutating func hasGoodDay(_ time: Int64) -> Bool {
        if time < dayEnd, now == nil { return true }
        return isGoodDay(time)
    }

    private mutating func isGoodDay(_ time: Int64) -> Bool {
        let instant = Instant(nanosecondsSinceEpoch: time)
        if let now, rules.timing.completion(of: instant) > now { return false }
        let date = instant.date
        if !rules.tradesWeekends, rules.timing.isDaily, date.weekday == 0 || date.weekday == 6 {
            return false
        }
        let last = Instant(nanosecondsSinceEpoch: lastTime).date.daysSinceEpoch
        if let limit = rules.gapDays, date.daysSinceEpoch - last > limit { return false }
        // The last day of the calendar has no end that a time could reach.
        let (next, overflow) = Int64(date.daysSinceEpoch + 1)
            .multipliedReportingOverflow(by: 86_400_000_000_000)
        dayEnd = overflow ? .max : next
        return true
    }
}
