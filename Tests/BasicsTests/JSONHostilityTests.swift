// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("JSON from whoever means harm")
struct JSONHostilityTests {
    /// A text that must be refused, and a word of the reason.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let reason: String

        init(_ testDescription: String, _ text: String, _ reason: String) {
            self.init(testDescription, Array(text.utf8), reason)
        }

        init(_ testDescription: String, _ bytes: [UInt8], _ reason: String) {
            (self.testDescription, self.bytes, self.reason) = (testDescription, bytes, reason)
        }
    }

    static let cases = [
        Case("a million opened lists", String(repeating: "[", count: 1_000_000), "nested deeper"),
        Case(
            "a hundred thousand opened objects",
            String(repeating: #"{"a":"#, count: 100_000),
            "nested deeper"
        ),
        Case("a name twice", #"{"a":1,"a":2}"#, "given twice"),
        Case("a name twice by an escape", #"{"a":1,"\u0061":2}"#, "given twice"),
        Case("a number beyond range", "1e999", "out of range"),
        Case(
            "a million digits and an exponent",
            String(repeating: "9", count: 400) + "e9",
            "range"
        ),
        Case("a number with a leading zero", "01", "begin with 0"),
        Case("a hexadecimal number", "0x10", "unexpected text"),
        Case("not a number", "NaN", "expected a value"),
        Case("infinity", "-Infinity", "expected a digit"),
        Case("a byte that is not UTF-8", [0x22, 0xFF, 0x22], "not UTF-8"),
        Case("an overlong form", [0x22, 0xC0, 0xAF, 0x22], "not UTF-8"),
        Case("half a pair", #""\ud800""#, "surrogate"),
        Case("the wrong half", #""\udc00""#, "surrogate"),
        Case("a NUL", [0x22, 0x00, 0x22], "control character"),
        Case("a NUL behind the value", [0x31, 0x00], "unexpected text"),
        Case("a byte order mark", [0xEF, 0xBB, 0xBF, 0x31], "expected a value"),
        Case("UTF-16", [0x31, 0x00, 0x32, 0x00], "unexpected text"),
        Case("two values", "{} {}", "unexpected text"),
        Case("a comment", "{} // no", "unexpected text"),
        Case("a comma too many", "[1,]", "expected a value"),
        Case("nothing", "", "ends where"),
    ]

    @Test("it is refused and says why", arguments: cases)
    func refused(hostile: Case) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: hostile.bytes) }

        #expect(error?.message.contains(hostile.reason) == true, "\(error?.message ?? "")")
    }

    @Test("values are counted wherever they stand, and more than allowed are refused")
    func values() throws {
        let text = Array(#"{"a":[1,2,{"b":null}],"c":"d"}"#.utf8)

        #expect(throws: Never.self) { try JSON(parsing: text, valueLimit: 7) }
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text, valueLimit: 6) }
        #expect(error?.message == "more values than are allowed")
    }

    @Test("random bytes and damaged texts are read or refused, and what is read comes back equal")
    func damaged() throws {
        var random = SeededRandom(seed: 27)
        let seed = Array(
            #"{"schema":1,"topic":"bars","body":{"x":[1.5,-2e3,"é\n",null,true,{}]}}"#.utf8
        )
        var read = 0
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default:
                    bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: place)
                }
            }
            // A text that is refused is as good as one that is read.
            guard let json = try? JSON(parsing: bytes) else { continue }
            read += 1
            #expect(try JSON(parsing: json.compactBytes) == json)
        }
        #expect(read > 1000 && read < 19_000)
    }
}
