// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a strategy decides at each row of a block, one bit a row, and where equity goes.
struct BlockDecisions {
    /// The first row of the block.
    let start: Int
    let enter: UnsafePointer<UInt64>
    let exit: UnsafePointer<UInt64>
    /// Nil for a strategy without an invalidation.
    let invalidation: UnsafePointer<UInt64>?
    /// The distances of stop and target for all rows of the series; nil for shares or none.
    var stop: UnsafePointer<Double>?
    var target: UnsafePointer<Double>?
    /// Where the equity of the first row goes that is traded; nil when nobody asks for it.
    let rows: UnsafeMutablePointer<Double>?
    let firstRow: Int

    /// Where the equity of a row goes.
    @inline(__always)
    func equity(at row: Int) -> UnsafeMutablePointer<Double>? {
        rows.map { $0 + (row - firstRow) }
    }

    /// The first row of a range whose bit is set; the end of the range when there is none.
    @inline(__always)
    func next(_ words: UnsafePointer<UInt64>, from row: Int, to end: Int) -> Int {
        guard row < end else { return end }
        var index = (row - start) >> 6
        let lastIndex = (end - 1 - start) >> 6
        var word = words[index] & (~0 << UInt64((row - start) & 63))
        while word == 0 {
            guard index < lastIndex else { return end }
            index += 1
            word = words[index]
        }
        return min(end, start + index << 6 + word.trailingZeroBitCount)
    }

    /// Whether the bit of a row is set.
    @inline(__always)
    func holds(_ words: UnsafePointer<UInt64>, at row: Int) -> Bool {
        words[(row - start) >> 6] >> UInt64((row - start) & 63) & 1 != 0
    }
}
