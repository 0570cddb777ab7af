// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import TestSupport
import Testing

@Suite("Damaged Parquet files", .scratchFolder)
struct ParquetDamageTests {
    private static let fixtures = Folder(
        #filePath.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/Fixtures"
    )
    private static let names = [
        "pandas", "pandas-index", "pandas-text", "pandas-null", "pyarrow-plain", "pyarrow-delta",
        "pyarrow-int96", "polars-snappy", "duckdb", "ours",
        "pyarrow-decimal", "pyarrow-prefix", "polars-lz4", "fastparquet", "fastparquet-lz4",
    ]

    private static func bytes(_ name: String) throws -> [UInt8] {
        guard name == "ours" else { return try fixtures.read("\(name).parquet") }
        return try BarParquet.bytes(
            of: try BarFile.load("duckdb.parquet", in: fixtures).series
        )
    }

    /// What comes of some bytes: a result, or an error with words; anything else ends the process.
    private static func outcome(_ bytes: [UInt8], verifies: Bool) throws -> QuantError? {
        let folder = Folder(try ScratchFolder.path)
        try folder.overwrite("damaged.parquet", with: bytes)
        do throws(QuantError) {
            let parsed = try BarFile.load(
                "damaged.parquet",
                in: folder,
                parallel: .none,
                verifies: verifies
            )
            // Values used in place are touched too.
            _ = parsed.series.reduce(0.0) { $0 + $1.close.reduce(0, +) + $1.volume.reduce(0, +) }
            return nil
        } catch {
            return error
        }
    }

    @Test("a file cut at any place is an error with a sentence", arguments: names)
    func cut(_ name: String) throws {
        let bytes = try Self.bytes(name)

        for length in stride(from: 0, to: bytes.count, by: 7) {
            let error = try #require(try Self.outcome(Array(bytes[..<length]), verifies: false))

            #expect(error.description.hasPrefix("cannot read"))
            #expect(error.reason.count > 15)
        }
    }

    @Test("a file with bytes flipped is read or refused, and never crashes", arguments: names)
    func flipped(_ name: String) throws {
        let bytes = try Self.bytes(name)
        var random = SeededRandom(seed: 11)

        var refused = 0
        for round in 0..<500 {
            var damaged = bytes
            for _ in 0...(random.next() % 4) {
                // The footer says where everything is, so it is hit more often than its share.
                let tail = min(bytes.count, 2500)
                let start = random.next() % 2 == 0 ? bytes.count - tail : 0
                let place = start + Int(random.next() % UInt64(bytes.count - start))
                damaged[place] = UInt8(truncatingIfNeeded: random.next())
            }
            let error = try Self.outcome(damaged, verifies: round % 2 == 0)
            if error != nil { refused += 1 }
        }

        #expect(refused > 50)
    }

    @Test("a stretch of a file left out is read or refused, and never crashes", arguments: names)
    func shortened(_ name: String) throws {
        let bytes = try Self.bytes(name)
        var random = SeededRandom(seed: 12)

        var refused = 0
        for _ in 0..<200 {
            var damaged = bytes
            let start = Int(random.next() % UInt64(bytes.count - 1))
            let count = Int(random.next() % UInt64(min(64, bytes.count - start))) + 1
            damaged.removeSubrange(start..<(start + count))
            if try Self.outcome(damaged, verifies: false) != nil { refused += 1 }
        }

        #expect(refused > 50)
    }

    @Test(
        "a file that is no Parquet says so",
        arguments: [
            ("PAR1", "shorter than 12"), ("PARE1234567890PARE", "does not begin with PAR1"),
            ("PAR1 and more bytes", "does not end with PAR1"),
            ("PAR1\u{7F}\u{7F}\u{7F}\u{7F}PAR1", "more than there are"),
            ("PAR1\0\0\0\0PAR1", "the footer is malformed"), ("", "does not begin"),
        ]
    )
    func foreign(_ text: String, _ mention: String) throws {
        let error = try Self.outcome(Array(text.utf8), verifies: false)

        #expect(error?.description.contains(mention) == true, "\(error?.description ?? "none")")
    }

    @Test("a field whose number is beyond all bounds is an error")
    func fieldNumber() throws {
        // The number 2⁶³ − 1 in full, a value, and a field whose number is one more.
        let footer: [UInt8] =
            [0x05, 0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01, 0x00, 0x15, 0x00, 0x00]
        let magic = Array("PAR1".utf8)

        let error = try Self.outcome(
            magic + footer + [UInt8(footer.count), 0, 0, 0] + magic,
            verifies: false
        )

        #expect(error?.description.contains("a field has no number") == true, "\(error as Any)")
    }
}
