// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The positions that a program wants, one list per symbol with a value per bar.
struct PositionTable: Sendable, Hashable {
    /// What is wanted from each bar's close on; a bar that the program said nothing about has the
    /// value of the one before, and 0 stands before the first.
    let wanted: [[Double]]
    /// Whether the program said something about each bar that differs from before.
    let changes: [[Bool]]

    /// Reads what a program wrote about those bars.
    /// - Throws: A ``QuantError`` with code `badRow` or `missingColumn` and the line.
    init(
        _ bytes: [UInt8],
        history: [BarSeries],
        measure: PositionStrategy.Measure
    ) throws(QuantError) {
        var said = history.map { [Double](repeating: .nan, count: $0.count) }
        var reader = try PositionReader(bytes, history: history, measure: measure)
        while let row = try reader.next() {
            guard said[row.leg][row.index].isNaN else {
                throw PositionReader.error(
                    "line \(row.line): \(history[row.leg].symbol) has a position at"
                        + " \(history[row.leg].times[row.index]) already"
                )
            }
            said[row.leg][row.index] = row.position
        }
        self.init(
            wanted: said.map { list in
                var last = 0.0
                return list.map { value in
                    last = value.isNaN ? last : value
                    return last
                }
            }
        )
    }

    /// Takes what is wanted at each bar; what differs from the bar before is a change.
    init(wanted: [[Double]]) {
        self.wanted = wanted
        changes = wanted.map { list in
            list.indices.map { list[$0] != ($0 > 0 ? list[$0 - 1] : 0) }
        }
    }

    /// The most by which equal positions of two runs may differ, since sums over different numbers
    /// of bars may round differently.
    static let tolerance = 1e-9

    /// The first bar of a symbol for which a run on fewer bars wanted something else.
    func firstDifference(from other: PositionTable) -> (leg: Int, index: Int)? {
        for leg in wanted.indices {
            for index in other.wanted[leg].indices {
                let distance = abs(wanted[leg][index] - other.wanted[leg][index])
                if distance > Self.tolerance { return (leg, index) }
            }
        }
        return nil
    }
}
