// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import Zstd

@Suite("Zstandard")
struct ZstdTests {
    private static let fixtures = Folder(
        #filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined()
            + "/QuantTests/Fixtures"
    )

    @Test(
        "bars in files that others compress with zstd are read",
        arguments: ["polars", "pyarrow-v2-zstd", "duckdb-v2"]
    )
    func fixtures(_ name: String) throws {
        let parsed = try BarFile.load(
            "\(name).parquet",
            in: Self.fixtures,
            codecs: ParquetCodecs(zstd: Zstd.decompress)
        )

        let plain = try BarFile.load("pyarrow-plain.parquet", in: Self.fixtures)
        #expect(parsed.faults.isEmpty)
        #expect(parsed.count == 40)
        #expect(parsed.series == plain.series)
    }

    @Test("damaged input and too little room are failures")
    func damaged() {
        var room = [UInt8](repeating: 0, count: 16)
        let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x20, 5, 0x29, 0, 0, 1, 2, 3, 4, 5]

        let whole = frame.withUnsafeBytes { input in
            room.withUnsafeMutableBytes { Zstd.decompress(input, into: $0) }
        }
        let cut = frame.dropLast().withUnsafeBytes { input in
            room.withUnsafeMutableBytes { Zstd.decompress(input, into: $0) }
        }
        var small = [UInt8](repeating: 0, count: 4)
        let tooSmall = frame.withUnsafeBytes { input in
            small.withUnsafeMutableBytes { Zstd.decompress(input, into: $0) }
        }

        #expect(whole == 5 && room.prefix(5) == [1, 2, 3, 4, 5])
        #expect(cut == nil)
        #expect(tooSmall == nil)
    }
}
