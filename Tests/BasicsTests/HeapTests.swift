// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Memory", .serialized)
struct HeapTests {
    private static let pieces = 16_384
    private static let bytes = 4_096

    /// The memory of this process alone, in bytes.
    private func resident() throws -> Int {
        let status = try Folder("/proc/self").read("status", limitBytes: 1 << 16)
        let lines = String(decoding: status, as: UTF8.self).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("RssAnon:") })
        return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) }) << 10
    }

    @Test("what is free below something that is not goes back to the system")
    func giveBack() throws {
        var pieces = (0..<Self.pieces).map { [UInt8](repeating: UInt8($0 & 1), count: Self.bytes) }
        let last = [UInt8](repeating: 1, count: Self.bytes)
        let full = try resident()

        pieces = []
        Heap.giveBack()

        // Other tests run beside this one.
        #expect(try resident() < full - Self.pieces * Self.bytes / 2)
        #expect(last.count == Self.bytes && pieces.isEmpty)
    }
}
