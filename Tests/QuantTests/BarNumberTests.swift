// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Numbers in files of bars")
struct BarNumberTests {
    /// The bits that our reader finds, and those of the standard library, where they differ.
    private func difference(_ text: String) -> String? {
        let ours = NumberReader.number(Array(text.utf8))
        let standard = Double(text).flatMap { $0.isFinite ? $0 : nil }
        guard ours?.bitPattern != standard?.bitPattern else { return nil }
        return "\(text): \(ours.debugDescription) and not \(standard.debugDescription)"
    }

    @Test("the shortest text of any double is read back bit for bit")
    func shortest() {
        var random = SeededRandom(seed: 1)

        var wrong: [String] = []
        for _ in 0..<200_000 {
            let any = Double(bitPattern: random.next())
            let price = 1000 * random.nextUnit()
            for value in [any, price, price * 1e-6, price * 1e9] where value.isFinite {
                if let text = difference("\(value)") { wrong.append(text) }
            }
        }

        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test("digits of any number, point and exponent are read as the standard library reads them")
    func digits() {
        var random = SeededRandom(seed: 2)

        var wrong: [String] = []
        for _ in 0..<400_000 {
            let length = Int(random.next() % 21) + 1
            var text = random.next() % 8 == 0 ? "-" : ""
            let point = Int(random.next() % 24)
            for index in 0..<length {
                if index == point { text += "." }
                text += "\(random.next() % 10)"
            }
            if random.next() % 2 == 0 { text += "e\(Int(random.next() % 90) - 45)" }
            if let text = difference(text) { wrong.append(text) }
        }

        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test("halfway between two doubles the even one is taken")
    func ties() {
        var random = SeededRandom(seed: 3)

        var wrong: [String] = []
        for _ in 0..<100_000 {
            // Above 2^53 the doubles are 2, 4, … apart, and the middle is a whole number.
            let bits = 54 + Int(random.next() % 9)
            let number = UInt64(1) << UInt64(bits) | random.next() >> UInt64(64 - bits)
            let step = UInt64(1) << UInt64(bits - 52)
            let middle = number / step * step + step / 2
            for near in [middle - 1, middle, middle + 1] {
                if let text = difference("\(near)") { wrong.append(text) }
                if let text = difference("\(near / 10).\(near % 10)") { wrong.append(text) }
            }
        }

        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test(
        "what is no number has no value",
        arguments: ["", "-", ".", "e5", "1e", "1e+", "1.2.3", "1,2", "0x10", "1_000", " 1", "nan"]
    )
    func none(_ text: String) {
        #expect(NumberReader.number(Array(text.utf8)) == nil)
    }

    @Test(
        "unusual spellings are numbers all the same",
        arguments: [
            ("1.", 1.0), (".5", 0.5), ("1E3", 1000), ("1e+2", 100), ("+3", 3), ("-0", 0),
            ("00012.50", 12.5), ("1e-400", 0), ("0e999", 0), ("4.9e-324", .leastNonzeroMagnitude),
            ("0.000000000000000000000000000001", 1e-30),
        ]
    )
    func unusual(_ text: String, _ value: Double) {
        #expect(NumberReader.number(Array(text.utf8)) == value)
    }
}
