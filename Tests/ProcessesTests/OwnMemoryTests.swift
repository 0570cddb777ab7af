// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Processes
import Testing

@Suite("Memory of this process")
struct OwnMemoryTests {
    private static let pieces = 16_384
    private static let bytes = 4_096

    @Test("what is free below something that is not goes back to the system")
    func giveBack() throws {
        var pieces = (0..<Self.pieces).map { [UInt8](repeating: UInt8($0 & 1), count: Self.bytes) }
        let last = [UInt8](repeating: 1, count: Self.bytes)
        let full = try #require(OwnMemory.residentBytes)

        pieces = []
        Heap.giveBack()

        // What was taken may have been resident already, and other tests may run beside this one.
        let after = try #require(OwnMemory.residentBytes)
        #expect(after < full - Self.pieces * Self.bytes / 2)
        #expect(last.count == Self.bytes && pieces.isEmpty)
    }
}
