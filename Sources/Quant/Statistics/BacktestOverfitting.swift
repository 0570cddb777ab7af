// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The probability that choosing the best of several backtests picks one that is below the median
/// afterwards, by combinatorially symmetric cross-validation (Bailey and others, 2017).
public struct BacktestOverfitting: Sendable, Hashable {
    /// The share of splits whose winner ranks in the lower half out of sample.
    public let probability: Double
    /// The winner in sample of each split, as a column index.
    public let winners: [Int]
    /// The rank of each winner out of sample, from 1 for the worst.
    public let ranks: [Int]

    /// The most blocks; sixteen give 12 870 splits.
    public static let mostBlocks = 16

    /// Runs every split of the rows into two halves of whole blocks.
    ///
    /// `returns` has one row per period and one column per trial. Blocks are of equal length, rows
    /// beyond that are left out. Splits are numbered by their in-sample blocks in order. A column
    /// is scored by mean over deviation (n - 1), 0 for a constant one; of equal scores the first
    /// wins, and a rank counts the strictly lower scores.
    /// - Throws: A ``QuantError`` with code `badParameter` for fewer than two columns, an odd
    ///   number of blocks, unequal rows, or blocks shorter than one row.
    public init(returns: [[Double]], blocks: Int) throws(QuantError) {
        let columns = returns.first?.count ?? 0
        guard (2...Self.mostBlocks).contains(blocks), blocks % 2 == 0 else {
            throw Self.error("the number of blocks must be even, from 2 to \(Self.mostBlocks)")
        }
        guard columns >= 2, returns.allSatisfy({ $0.count == columns }) else {
            throw Self.error("it needs at least two trials and rows of equal length")
        }
        let length = returns.count / blocks
        guard length * blocks / 2 >= 2 else {
            throw Self.error("half of \(blocks) blocks must hold at least two rows")
        }
        let sums = BlockSums(returns, blocks: blocks, length: length)
        var winners: [Int] = []
        var ranks: [Int] = []
        for split in Self.splits(of: blocks) {
            let inside = sums.scores(in: split)
            let outside = sums.scores(in: (0..<blocks).filter { !split.contains($0) })
            var best = 0
            for column in 1..<columns where inside[column] > inside[best] { best = column }
            winners.append(best)
            ranks.append(1 + outside.count { $0 < outside[best] })
        }
        self.winners = winners
        self.ranks = ranks
        // A rank r of N has ln(w / (1 - w)) <= 0 for w = r / (N + 1) when 2r <= N + 1.
        let low = ranks.count { 2 * $0 <= columns + 1 }
        probability = Double(low) / Double(ranks.count)
    }

    /// All halves of the blocks, in lexicographic order.
    private static func splits(of blocks: Int) -> [[Int]] {
        var result: [[Int]] = []
        var chosen = Array(0..<(blocks / 2))
        while true {
            result.append(chosen)
            var place = chosen.count - 1
            while place >= 0, chosen[place] == blocks - chosen.count + place { place -= 1 }
            guard place >= 0 else { return result }
            chosen[place] += 1
            for next in (place + 1)..<max(place + 1, chosen.count) {
                chosen[next] = chosen[next - 1] + 1
            }
        }
    }

    private static func error(_ reason: String) -> QuantError {
        QuantError(.badParameter, operation: "estimate overfitting", reason: reason)
    }
}

/// Sums and squares of each column over each block, from which any half is scored at once.
private struct BlockSums {
    private let length: Int
    private let columns: Int
    private var sums: [[Double]] = []
    private var squares: [[Double]] = []

    init(_ returns: [[Double]], blocks: Int, length: Int) {
        self.length = length
        columns = returns[0].count
        for block in 0..<blocks {
            var sum = [Double](repeating: 0, count: columns)
            var square = sum
            for row in returns[(block * length)..<((block + 1) * length)] {
                for (column, value) in row.enumerated() {
                    sum[column] += value
                    square[column] += value * value
                }
            }
            sums.append(sum)
            squares.append(square)
        }
    }

    func scores(in blocks: [Int]) -> [Double] {
        let count = Double(blocks.count * length)
        return (0..<columns).map { column in
            let sum = blocks.reduce(0) { $0 + sums[$1][column] }
            let square = blocks.reduce(0) { $0 + squares[$1][column] }
            let variance = (square - sum * sum / count) / (count - 1)
            guard variance > 1e-15 * square else { return 0 }
            return sum / count / variance.squareRoot()
        }
    }
}
