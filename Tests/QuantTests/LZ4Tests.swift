// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Quant

@Suite("LZ4")
struct LZ4Tests {
    /// Eleven times `ab` and then `xyz12`: two literals, a copy that overlaps itself, literals.
    private static let block: [UInt8] = [0x2F, 0x61, 0x62, 2, 0, 1, 0x50] + Array("xyz12".utf8)
    private static let text = String(repeating: "ab", count: 11) + "xyz12"

    private func decompress(_ input: [UInt8], room: Int, framed: Bool = false) -> String? {
        let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: room)
        defer { room.deallocate() }
        let count = input.withUnsafeBufferPointer {
            framed ? LZ4.decompressFramed($0, into: room) : LZ4.decompress($0, into: room)
        }
        return count.map { String(decoding: room.prefix($0), as: UTF8.self) }
    }

    @Test("literals and copies are put together")
    func block() {
        #expect(decompress(Self.block, room: 27) == Self.text)
        #expect(decompress([0x10, 0x61], room: 1) == "a")
        #expect(decompress([0], room: 0) == "")
    }

    @Test("blocks with lengths in front are read, and so is a plain one in their place")
    func frames() {
        let frame: [UInt8] = [0, 0, 0, 27, 0, 0, 0, UInt8(Self.block.count)] + Self.block

        #expect(decompress(frame + frame, room: 54, framed: true) == Self.text + Self.text)
        #expect(decompress(Self.block, room: 27, framed: true) == Self.text)
        #expect(decompress(Array(frame.dropLast()), room: 27, framed: true) == nil)
    }

    @Test(
        "what is cut, reaches before the beginning or does not fit is a failure",
        arguments: [
            [], [0x20, 0x61], [0x1F, 0x61, 1], [0x1F, 0x61, 0, 0, 0], [0x1F, 0x61, 2, 0, 0],
            [0xF0, 0xFF], [0x1F, 0x61, 1, 0, 0xFF], [0x10, 0x61, 1, 0],
        ] as [[UInt8]]
    )
    func damaged(_ input: [UInt8]) {
        #expect(decompress(input, room: 64) == nil)
    }

    @Test("a block never writes behind the room", arguments: 0..<27)
    func room(_ count: Int) {
        #expect(decompress(Self.block, room: count) == nil)
    }

    @Test("a block cut at any place is a failure")
    func cut() {
        for count in 0..<Self.block.count where count != 3 {
            #expect(decompress(Array(Self.block.prefix(count)), room: 27) == nil, "\(count)")
        }
        // Behind whole literals a block may end.
        #expect(decompress(Array(Self.block.prefix(3)), room: 27) == "ab")
    }
}
