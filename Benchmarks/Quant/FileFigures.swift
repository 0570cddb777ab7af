// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// Reading bars from files.
struct FileFigures {
    static let rows = 10_000_000

    /// Writes the files of bars that other programs read too.
    static func write(_ sample: SampleBars, counts: [Int], to folder: Folder) throws {
        for count in counts {
            try folder.replace("bars-\(count).csv", with: sample.csv(first: count))
        }
    }

    static func measureCSV(_ bench: Bench, _ symbol: Symbol, _ folder: Folder) throws {
        for (name, parallel) in [
            ("one thread", Parallel.none), ("\(Parallel.allCores.width) threads", .allCores),
        ] {
            try bench.measure(
                "csv of 1000000 rows, \(name)",
                unit: "row",
                count: 1_000_000,
                target: 65
            ) {
                let parsed = try BarFile.load(
                    "bars-1000000.csv",
                    in: folder,
                    symbol: symbol,
                    parallel: parallel
                )
                let close = parsed.series[0].close
                return [("rows", Double(close.count)), ("last", close.last ?? 0)]
            }
        }
    }

    /// Measures opening a file that lies in the page cache, with and without reading a column.
    static func measureParquet(_ bench: Bench, _ series: BarSeries, _ folder: Folder) throws {
        let name = "bars-\(series.count).parquet"
        try BarFile.write([series], to: name, in: folder)
        try bench.measure("parquet of \(rows) rows, open", count: rows, target: 10) {
            let parsed = try BarFile.load(name, in: folder)
            return [("rows", Double(parsed.series[0].count))]
        }
        try bench.measure("parquet of \(rows) rows, open and sum a column", count: rows) {
            let parsed = try BarFile.load(name, in: folder)
            return [("sum", parsed.series[0].close.withUnsafeBufferPointer(sum))]
        }
    }

    /// Adds up in eight strands, which is nearly as fast as memory is.
    private static func sum(_ values: UnsafeBufferPointer<Double>) -> Double {
        let raw = UnsafeRawBufferPointer(values)
        let width = MemoryLayout<SIMD8<Double>>.size
        var strands = SIMD8<Double>.zero
        var offset = 0
        while offset + width <= raw.count {
            strands += raw.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
            offset += width
        }
        return values[(offset / 8)...].reduce(strands.sum(), +)
    }
}
