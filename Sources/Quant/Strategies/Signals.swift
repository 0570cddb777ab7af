// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions

/// What a strategy decides at the close of each bar of one symbol.
struct Signals: Sendable {
    /// The rows at which to enter, to leave and, if there is such a condition, at which the idea
    /// has failed, in this order.
    let program: ConditionProgram
    let hasInvalidation: Bool
    /// How far from the close an entry rests; nil for a share or none.
    let limit: [Double]?
    /// The distance of the stop from the entry price; nil for a share or none.
    let stop: [Double]?
    /// The distance of the target from the entry price; nil for a share or none.
    let target: [Double]?

    /// The decisions at every row, in the order of the program's results.
    func rows(count: Int) -> [[Bool]] {
        var results = [[Bool]](
            repeating: Array(repeating: false, count: count),
            count: hasInvalidation ? 3 : 2
        )
        program.run(0..<count) { start, words, stride in
            for result in results.indices {
                for row in start..<min(count, start + stride * 64) {
                    let word = words[result * stride + (row - start) / 64]
                    results[result][row] = word >> UInt64(row % 64) & 1 != 0
                }
            }
        }
        return results
    }
}
