// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Message codes")
struct MessageCodeTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test("the second case of RFC 4231 comes out, in one part or several")
    func vector() {
        let parts = ["what do ya want ", "for nothing?"].map { Array($0.utf8) }
        let code = MessageCode(of: parts, key: Array("Jefe".utf8))

        #expect(
            hex(code.bytes) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
        #expect(MessageCode(of: [parts[0] + parts[1]], key: Array("Jefe".utf8)).bytes == code.bytes)
    }

    @Test("only the whole code matches")
    func matches() {
        let code = MessageCode(of: [[1]], key: [2])

        #expect(code.matches(code.bytes))
        for place in code.bytes.indices {
            var other = code.bytes
            other[place] ^= 1
            #expect(!code.matches(other))
        }
        #expect(!code.matches([]) && !code.matches(Array(code.bytes.dropLast())))
    }
}
