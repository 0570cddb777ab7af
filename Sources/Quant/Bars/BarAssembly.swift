// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Puts chunks together in the order of the file, so that the outcome is what an inspector finds
/// that looks at one row after another.
struct BarAssembly {
    private let slab: BarSlab
    private let now: Instant?
    private var inspector: BarInspector
    private var faults: [BarFault] = []
    private var symbols: [Symbol] = []
    private var slots: [Symbol: Int] = [:]
    /// The accepted rows of each symbol.
    private var rows: [[Range<Int>]] = []

    init(slab: BarSlab, rules: BarRules, now: Instant?) {
        self.slab = slab
        self.now = now
        inspector = BarInspector(rules: rules)
    }

    /// Takes in the next chunk of the file.
    mutating func add(_ chunk: BarChunk) {
        let slots = chunk.symbols.map { slot(of: $0) }
        for piece in chunk.pieces {
            if piece.slot < 0 {
                faults.append(chunk.faults[piece.start])
            } else {
                add(piece, slot: slots[piece.slot])
            }
        }
    }

    /// The accepted bars and the faults.
    func parsed(_ parallel: Parallel) -> ParsedBars {
        let (slab, symbols, rows) = (slab, symbols, rows)
        let order = symbols.indices.filter { !rows[$0].isEmpty }
            .sorted { symbols[$0] < symbols[$1] }
        let series = parallel.map(order.count) { index in
            slab.series(symbol: symbols[order[index]], rows: rows[order[index]])
        }
        return ParsedBars(series: series, faults: faults)
    }

    private mutating func slot(of symbol: Symbol) -> Int {
        if let slot = slots[symbol] { return slot }
        slots[symbol] = symbols.count
        symbols.append(symbol)
        rows.append([])
        return symbols.count - 1
    }

    private mutating func add(_ piece: BarPiece, slot: Int) {
        var index = 0
        while index < piece.count {
            let row = piece.start + index
            let bar = slab.bar(row, symbol: symbols[slot])
            let found = inspector.inspect(bar, line: piece.line + index, now: now)
            index += 1
            if !found.isEmpty {
                faults += found
                guard BarInspector.accepts(found) else { continue }
            }
            // The rest of the piece is good once one row of it is accepted.
            let end = piece.start + piece.count
            inspector.skip(to: slab.times[end - 1])
            append(row..<end, to: slot)
            return
        }
    }

    private mutating func append(_ range: Range<Int>, to slot: Int) {
        if let last = rows[slot].last, last.upperBound == range.lowerBound {
            rows[slot][rows[slot].count - 1] = last.lowerBound..<range.upperBound
        } else {
            rows[slot].append(range)
        }
    }
}
