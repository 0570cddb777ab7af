// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CKernels
import Expressions

extension EventSimulation {
    /// Takes all blocks of a window, whose equity is written to `rows`.
    mutating func run(
        _ signals: Signals,
        _ market: Market,
        _ rows: UnsafeMutablePointer<Double>
    ) {
        signals.program.run((market.first & ~63)..<(market.last + 1)) { start, words, stride in
            // Fills are far apart in a column that is not read otherwise: their opens are asked
            // for before anything waits for them.
            let count = max(0, min(market.last - start, stride * 64))
            desk_fetch_rises(market.open + start + 1, words, count)
            desk_fetch_rises(market.open + start + 1, words + stride, count)
            let block = start..<min(market.last + 1, start + stride * 64)
            take(signals, market, block, words, rows + max(0, start - market.first))
        }
        finish()
    }

    /// Takes one block, whose decisions are the results of the program of the signals; its equity
    /// is written to `rows`.
    mutating func take(
        _ signals: Signals,
        _ market: Market,
        _ block: Range<Int>,
        _ words: UnsafePointer<UInt64>,
        _ rows: UnsafeMutablePointer<Double>?
    ) {
        let stride = ConditionProgram.blockWords
        var decisions = BlockDecisions(
            start: block.lowerBound,
            enter: words,
            exit: words + stride,
            invalidation: signals.hasInvalidation ? words + 2 * stride : nil,
            stop: nil,
            target: nil,
            rows: rows,
            firstRow: max(block.lowerBound, market.first)
        )
        guard signals.stop != nil || signals.target != nil else {
            advance(to: block.upperBound, market, decisions)
            return
        }
        (signals.stop ?? []).withUnsafeBufferPointer { stop in
            (signals.target ?? []).withUnsafeBufferPointer { target in
                decisions.stop = signals.stop == nil ? nil : stop.baseAddress
                decisions.target = signals.target == nil ? nil : target.baseAddress
                advance(to: block.upperBound, market, decisions)
            }
        }
    }
}
