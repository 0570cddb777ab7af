// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Memory for columns")
struct MemoryPoolTests {
    private static let megabyte = 1 << 20

    @Test("a large piece that was given back is given out again")
    func reuse() throws {
        let pool = MemoryPool(limitBytes: 64 * Self.megabyte)
        let first = try #require(pool.take(5 * Self.megabyte))
        pool.give(first)

        let second = try #require(pool.take(4 * Self.megabyte + 1))

        #expect(second.baseAddress == first.baseAddress)
        #expect(second.count == 6 * Self.megabyte)
        #expect(pool.keptBytes == 0)
        pool.give(second)
    }

    @Test("a piece of which half would lie idle stays where it is")
    func waste() throws {
        let pool = MemoryPool(limitBytes: 64 * Self.megabyte)
        pool.give(try #require(pool.take(20 * Self.megabyte)))

        let small = try #require(pool.take(8 * Self.megabyte))

        #expect(small.count == 8 * Self.megabyte)
        #expect(pool.keptBytes == 20 * Self.megabyte)
        pool.give(small)
    }

    @Test("the oldest pieces make way when there are too many")
    func limit() throws {
        let pool = MemoryPool(limitBytes: 20 * Self.megabyte)
        let pieces = try [4, 8, 10].map { try #require(pool.take($0 * Self.megabyte)) }

        for piece in pieces { pool.give(piece) }

        #expect(pool.keptBytes == 18 * Self.megabyte)
    }

    @Test(
        "small pieces and those beyond the limit are not kept",
        arguments: [0, 1, 4096, 30 << 20]
    )
    func unkept(_ bytes: Int) throws {
        let pool = MemoryPool(limitBytes: 20 * Self.megabyte)
        let piece = try #require(pool.take(bytes))

        pool.give(piece)

        #expect(piece.count >= bytes)
        #expect(pool.keptBytes == 0)
    }

    @Test("there is no piece of more than there is", arguments: [Int.max, Int.max - 4096, -1])
    func refusal(_ bytes: Int) {
        #expect(MemoryPool(limitBytes: Self.megabyte).take(bytes) == nil)
    }

    @Test("a column of a panel outlives the others")
    func ownership() {
        let close = (0..<70_000).map { 100 + Double($0 % 97) }
        func strength() -> BarColumn<Double> {
            MarketPanel.columns(high: close, low: close, close: close).strength14
        }

        let column = strength()
        let other = MarketPanel.columns(high: close, low: close, close: close.map { $0 * 2 })

        #expect(column.count == close.count)
        #expect(column.last == Indicators.rsi(close, window: 14).last)
        #expect(other.average20.count == close.count)
    }
}
