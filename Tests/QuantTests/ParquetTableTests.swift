// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import TestSupport
import Testing

@Suite("Tables as Parquet", .scratchFolder)
struct ParquetTableTests {
    private static let names = ["open", "high", "low", "close"]

    /// A table of bars with times as texts and volumes as whole numbers, in groups.
    private static func bytes(_ series: BarSeries, groups: [Range<Int>]) -> [UInt8] {
        let last: [(name: String, kind: ParquetTable.Kind)] = [("volume", .integers)]
        var table = ParquetTable(
            [("timestamp", .texts)] + names.map { ($0, .numbers) } + last
        )
        var bytes = table.begin()
        for rows in groups {
            let part = series[rows]
            bytes += table.group(
                [.texts(part.times.map(\.description))]
                    + [part.open, part.high, part.low, part.close].map { .numbers($0.array) }
                    + [.integers(part.volume.map { Int64($0) })]
            )
        }
        return bytes + table.finish()
    }

    private static func series() throws -> BarSeries {
        try Samples.series(
            (0..<100).map { index in
                let close = 10 + Double(index % 7) / 3
                return (close - 0.1, close + 1, close - 1, close)
            }
        )
    }

    private func load(_ bytes: [UInt8]) throws -> ParsedBars {
        let folder = Folder(try ScratchFolder.path)
        try folder.replace("table.parquet", with: bytes)
        return try BarFile.load(
            "table.parquet",
            in: folder,
            symbol: try Samples.symbol("AAA")
        )
    }

    @Test(
        "whole numbers, doubles and texts are read back",
        arguments: [[0..<100], [0..<64, 64..<100], [0..<1, 1..<1, 1..<2, 2..<100]]
    )
    func readBack(_ groups: [Range<Int>]) throws {
        let series = try Self.series()

        let parsed = try load(Self.bytes(series, groups: groups))

        #expect(parsed.faults.isEmpty, "\(parsed.faults.prefix(3))")
        #expect(parsed.series == [series])
    }

    @Test("the same rows give the same bytes, also when the table is begun anew")
    func stable() throws {
        let series = try Self.series()
        var table = ParquetTable([("x", .numbers)])
        func written(_ table: inout ParquetTable) -> [UInt8] {
            let head = table.begin()
            let body = table.group([.numbers([1, .nan, -0.5])])
            return head + body + table.finish()
        }

        let first = written(&table)

        #expect(written(&table) == first)
        #expect(Self.bytes(series, groups: [0..<100]) == Self.bytes(series, groups: [0..<100]))
        #expect(Self.bytes(series, groups: [0..<50, 50..<100]).count > first.count)
    }

    @Test("a table without rows is one")
    func empty() throws {
        let error = #expect(throws: QuantError.self) {
            try load(Self.bytes(try Self.series(), groups: []))
        }

        #expect(error?.code == .empty)
    }
}
