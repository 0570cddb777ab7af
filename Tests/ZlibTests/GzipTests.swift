// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import Zlib

@Suite("Gzip")
struct GzipTests {
    /// "hello" as gzip writes it.
    private static let member: [UInt8] = [
        0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 7, 0, 0x86, 0xA6, 0x10,
        0x36, 5, 0, 0, 0,
    ]

    private func decompress(_ input: [UInt8], room: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: room)
        let count = input.withUnsafeBytes { input in
            bytes.withUnsafeMutableBytes { Gzip.decompress(input, into: $0) }
        }
        return count.map { Array(bytes.prefix($0)) }
    }

    @Test("bars in a file that is compressed with gzip are read")
    func fixture() throws {
        let fixtures = Folder(
            #filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined()
                + "/QuantTests/Fixtures"
        )

        let parsed = try BarFile.load(
            "pyarrow-gzip.parquet",
            in: fixtures,
            codecs: ParquetCodecs(gzip: Gzip.decompress)
        )

        let plain = try BarFile.load("pyarrow-plain.parquet", in: fixtures)
        #expect(parsed.faults.isEmpty)
        #expect(parsed.series == plain.series)
    }

    @Test("one member and several behind one another are read")
    func members() {
        #expect(decompress(Self.member, room: 5) == Array("hello".utf8))
        #expect(decompress(Self.member + Self.member, room: 10) == Array("hellohello".utf8))
    }

    @Test("damaged or cut input, too little room and no input at all are failures")
    func damaged() {
        var flipped = Self.member
        flipped[12] ^= 0x10

        #expect(decompress(flipped, room: 5) == nil)
        #expect(decompress(Self.member.dropLast(), room: 5) == nil)
        #expect(decompress(Self.member, room: 4) == nil)
        #expect(decompress(Self.member + [1, 2, 3], room: 16) == nil)
        #expect(decompress([], room: 5) == nil)
    }
}
