// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Room for some columns of numbers, one behind the other in one piece of memory.
///
/// It is written once, before any of its columns is lent.
final class NumberSlab: @unchecked Sendable {
    /// The numbers of all columns.
    let numbers: UnsafeMutableBufferPointer<Double>
    private let memory: UnsafeMutableRawBufferPointer
    private let rowCount: Int
    /// How far equal rows of two columns are apart.
    let stride: Int

    /// Makes room.
    init(columns: Int, rows: Int) {
        precondition((0..<(1 << 50)).contains(rows), "columns that memory can hold")
        // Each column begins at a cache line, and not at the same place of the cache as the others.
        stride = (rows + 7) / 8 * 8 + 8
        let count = columns * stride
        guard let memory = MemoryPool.shared.take(count * 8) else {
            preconditionFailure("the system has memory for the columns")
        }
        self.memory = memory
        numbers = UnsafeMutableBufferPointer(
            start: memory.baseAddress?.assumingMemoryBound(to: Double.self),
            count: count
        )
        rowCount = rows
    }

    deinit { MemoryPool.shared.give(memory) }

    /// One of the columns, where it lies; it keeps all of them alive.
    func column(_ index: Int) -> BarColumn<Double> {
        let part = numbers[(index * stride)..<(index * stride + rowCount)]
        return BarColumn(borrowing: UnsafeBufferPointer(rebasing: part), from: self)
    }
}
