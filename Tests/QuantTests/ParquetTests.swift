// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import TestSupport
import Testing

@Suite("Bars as Parquet", .scratchFolder)
struct ParquetTests {
    private static let fixtures = Folder(
        #filePath.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/Fixtures"
    )

    /// The bars of the fixtures, as the script that writes them computes them.
    private static func expected() throws -> [BarSeries] {
        let start = try Samples.instant("2024-01-02T14:30:00Z")
        return try ["AAA", "BBB"].map { name in
            let symbol = try Samples.symbol(name)
            let bars = (0..<40).filter { ($0 < 25) == (name == "AAA") }.map { index in
                let close = 100 + Double(index * 7 % 11) / 8
                return Bar(
                    symbol: symbol,
                    time: start.adding(seconds: Int64(index) * 60),
                    open: close - 0.25,
                    high: close + 0.5,
                    low: close - 0.5,
                    close: close,
                    volume: Double(index * 1000 + 1)
                )
            }
            return BarSeries(symbol: symbol, bars: bars)
        }
    }

    @Test(
        "files of other programs are read",
        arguments: [
            "pandas", "pandas-index", "pandas-text", "pyarrow-plain", "pyarrow-delta",
            "pyarrow-int96", "polars-snappy", "duckdb", "pyarrow-decimal", "pyarrow-prefix",
            "polars-lz4", "fastparquet", "fastparquet-lz4",
        ]
    )
    func others(_ name: String) throws {
        let expected = try Self.expected()

        for width in [1, 3] {
            let parsed = try BarFile.load(
                "\(name).parquet",
                in: Self.fixtures,
                parallel: Parallel(width: width)
            )

            #expect(parsed.faults.isEmpty, "\(parsed.faults.prefix(3))")
            #expect(parsed.series == expected)
        }
    }

    @Test("a missing value is a fault that names its row")
    func nulls() throws {
        let parsed = try BarFile.load("pandas-null.parquet", in: Self.fixtures)

        #expect(parsed.count == 37)
        #expect(parsed.faults.map(\.line) == [4, 6, 8])
        #expect(parsed.faults.map(\.kind) == [.notFinite, .badTimestamp, .malformedRow])
        #expect(parsed.faults.last?.description == "line 8: the symbol is null")
    }

    @Test(
        "a compression that is not read is named",
        arguments: [("pyarrow-gzip", "gzip"), ("polars", "zstd")]
    )
    func codecs(_ name: String, _ codec: String) {
        let error = #expect(throws: QuantError.self) {
            try BarFile.load("\(name).parquet", in: Self.fixtures)
        }

        #expect(error?.code == .unsupported)
        #expect(error?.reason.contains("compressed with \(codec)") == true)
        #expect(error?.reason.contains("in row group 0") == true)
    }

    private static func simulated() throws -> [BarSeries] {
        SimulatedFeed(
            seed: 3,
            symbols: [try Samples.symbol("BBB"), try Samples.symbol("AAA")],
            from: try #require(CalendarDate("2020-01-01")),
            sessions: 500
        ).series
    }

    private static func withFolder(_ body: (Folder) throws -> Void) throws {
        try body(Folder(try ScratchFolder.path))
    }

    @Test("what is written reads back equal, in place and decoded")
    func roundTrip() throws {
        try Self.withFolder { folder in
            let series = try Self.simulated()

            try BarFile.write(series, to: "bars.parquet", in: folder)

            let opened = try BarFile.load("bars.parquet", in: folder)
            let verified = try BarFile.load("bars.parquet", in: folder, verifies: true)
            let sorted = series.sorted { $0.symbol < $1.symbol }
            #expect(opened.series == sorted)
            #expect(verified.series == sorted && verified.faults.isEmpty)
            try BarFile.write(opened.series, to: "again.parquet", in: folder)
            #expect(try folder.read("again.parquet") == folder.read("bars.parquet"))
            try BarFile.write(opened.series, to: "bars.csv", in: folder)
            #expect(try BarFile.load("bars.csv", in: folder).series == sorted)
        }
    }

    @Test("one bar is enough and the values are aligned")
    func oneBar() throws {
        try Self.withFolder { folder in
            let series = try Samples.series([(1, 2, 1, 1.5)])
            try BarFile.write([series], to: "bars.parquet", in: folder)

            let opened = try #require(try BarFile.load("bars.parquet", in: folder).series.first)

            #expect(opened == series)
            opened.close.withUnsafeBufferPointer { values in
                #expect(UInt(bitPattern: values.baseAddress) % 64 == 0)
            }
        }
    }

    @Test("what must not be written is refused")
    func refused() throws {
        let good = try Samples.series([(1, 2, 1, 1.5)])
        let bad = try Samples.series([(1, 2, 1, .nan)])

        let none = #expect(throws: QuantError.self) { try BarParquet.bytes(of: []) }
        let twice = #expect(throws: QuantError.self) { try BarParquet.bytes(of: [good, good]) }
        let broken = #expect(throws: QuantError.self) { try BarParquet.bytes(of: [bad]) }

        #expect(none?.code == .empty)
        #expect(twice?.description.contains("two series of AAA") == true)
        #expect(broken?.fault?.kind == .notFinite)
    }

    @Test("a flipped value is found when the file is verified")
    func verified() throws {
        try Self.withFolder { folder in
            var bytes = try BarParquet.bytes(of: try Self.simulated())
            bytes[3000] ^= 1
            try folder.replace("bars.parquet", with: bytes)

            let error = #expect(throws: QuantError.self) {
                try BarFile.load("bars.parquet", in: folder, verifies: true)
            }

            #expect(error?.description.contains("checksum") == true)
            #expect(throws: Never.self) { try BarFile.load("bars.parquet", in: folder) }
        }
    }

    @Test("the name of the file is the symbol when there is none in it")
    func nameOfFile() throws {
        try Self.withFolder { folder in
            let text = "date,open,high,low,close,volume\n2024-01-02,1,2,1,1.5,7\n"
            try folder.replace("spy daily.csv", with: Array(text.utf8))

            let parsed = try BarFile.load("spy daily.csv", in: folder)

            #expect(parsed.series.first?.symbol == (try Samples.symbol("SPY_DAILY")))
        }
    }
}
