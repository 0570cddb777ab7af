// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Decimals")
struct Decimal8Tests {
    @Test(
        "a decimal is read and printed without loss",
        arguments: [
            ("0", 0), ("1", 100_000_000), ("-12.5", -1_250_000_000), ("0.00000001", 1),
            ("-0.00000001", -1), ("92233720368.54775807", .max), ("-92233720368.54775808", .min),
            ("1234567.89012345", 123_456_789_012_345),
        ] as [(String, Int64)]
    )
    func reading(text: String, units: Int64) {
        #expect(Decimal8(text)?.units == units)
        #expect(Decimal8(units: units).description == text)
    }

    @Test(
        "other spellings of a number give the same value",
        arguments: [
            ("-0", "0"), ("007", "7"), ("1.50000000", "1.5"), ("1.0", "1"),
        ]
    )
    func spellings(text: String, plain: String) {
        #expect(Decimal8(text)?.description == plain)
    }

    @Test(
        "text that is no decimal, or one that does not fit, is refused",
        arguments: [
            "", "-", "+1", ".5", "1.", "1e3", "1,5", "1.2.3", " 1", "1 ", "0x1", "--1", "1.-5",
            "1.000000001", "nan", "inf", "٣", "92233720368.54775808", "-92233720368.54775809",
            "99999999999", "999999999999999999", "1000000000000000000000",
        ]
    )
    func refusals(text: String) {
        #expect(Decimal8(text) == nil)
    }

    @Test("any number of units reads back from its description")
    func roundTrip() {
        var random = SeededRandom(seed: 3)

        let wrong = (0..<20_000).filter { index in
            let value = Decimal8(units: Int64(bitPattern: random.next()) >> (index % 60))
            return Decimal8(value.description) != value
        }

        #expect(wrong.isEmpty)
    }

    @Test(
        "products are rounded half to even at the eighth place",
        arguments: [
            ("0.00000001", "0.5", "0"), ("0.00000003", "0.5", "0.00000002"),
            ("0.00000001", "0.51", "0.00000001"), ("-0.00000001", "0.5", "0"),
            ("-0.00000003", "0.5", "-0.00000002"), ("-0.00000005", "-0.5", "0.00000002"),
            ("-0.00000001", "0.51", "-0.00000001"), ("12.34", "-2", "-24.68"),
            ("90000000000", "1.00000001", "90000000900"),
            ("-92233720368.54775808", "1", "-92233720368.54775808"),
        ]
    )
    func products(left: String, right: String, product: String) throws {
        let (left, right) = (try #require(Decimal8(left)), try #require(Decimal8(right)))

        #expect((left * right).description == product)
        #expect((right * left).description == product)
    }

    @Test(
        "quotients are rounded half to even at the eighth place",
        arguments: [
            ("1", "3", "0.33333333"), ("2", "3", "0.66666667"), ("-2", "3", "-0.66666667"),
            ("2", "-3", "-0.66666667"), ("-2", "-3", "0.66666667"), ("0.00000001", "2", "0"),
            ("0.00000003", "2", "0.00000002"), ("-0.00000003", "2", "-0.00000002"),
            ("0.00000005", "-2", "-0.00000002"), ("0.00000003", "-2", "-0.00000002"),
            ("92233720368.54775807", "1", "92233720368.54775807"),
            ("1", "92233720368.54775807", "0"), ("0", "-7", "0"),
        ]
    )
    func quotients(left: String, right: String, quotient: String) throws {
        let (left, right) = (try #require(Decimal8(left)), try #require(Decimal8(right)))

        #expect((left / right).description == quotient)
    }

    @Test("products and quotients agree with 128-bit arithmetic")
    func againstWideArithmetic() {
        var random = SeededRandom(seed: 11)
        var wrong: [String] = []

        for index in 0..<20_000 {
            let left = Decimal8(units: Int64(bitPattern: random.next()) >> (20 + index % 40))
            let right = Decimal8(units: Int64(bitPattern: random.next()) >> (24 + index % 37))
            let product = halfEven(Int128(left.units) * Int128(right.units), 100_000_000)
            if let units = Int64(exactly: product), (left * right).units != units {
                wrong.append("\(left) * \(right)")
            }
            guard right != .zero else { continue }
            let quotient = halfEven(Int128(left.units) * 100_000_000, Int128(right.units))
            if let units = Int64(exactly: quotient), (left / right).units != units {
                wrong.append("\(left) / \(right)")
            }
        }

        #expect(wrong.isEmpty)
    }

    private func halfEven(_ dividend: Int128, _ divisor: Int128) -> Int128 {
        let size = dividend.magnitude / divisor.magnitude
        let twice = (dividend.magnitude % divisor.magnitude) * 2
        let isUp = twice > divisor.magnitude || (twice == divisor.magnitude && size % 2 == 1)
        let rounded = Int128(isUp ? size + 1 : size)
        return (dividend < 0) == (divisor < 0) ? rounded : -rounded
    }

    @Test(
        "a number is rounded half to even to fewer places",
        arguments: [
            ("2.5", 0, "2"), ("3.5", 0, "4"), ("-2.5", 0, "-2"), ("-3.5", 0, "-4"),
            ("2.51", 0, "3"),
            ("1.005", 2, "1"), ("1.015", 2, "1.02"), ("-1.015", 2, "-1.02"),
            ("1.23456789", 8, "1.23456789"),
            ("-92233720368.54775808", 8, "-92233720368.54775808"), ("-0.4", 0, "0"),
        ]
    )
    func rounding(text: String, places: Int, rounded: String) throws {
        #expect(try #require(Decimal8(text)).rounded(places: places).description == rounded)
    }

    @Test("sums are exact where binary numbers are not")
    func exactness() throws {
        let tenth = try #require(Decimal8("0.1"))
        var sum = Decimal8.zero
        for _ in 0..<1000 { sum += tenth }
        for _ in 0..<300 { sum -= tenth }

        #expect(sum == Decimal8(70))
        #expect(tenth + tenth + tenth == Decimal8("0.3"))
        #expect(-sum == Decimal8(-70))
        #expect((-sum).magnitude == sum)
        #expect((-sum).isNegative && !sum.isNegative)
    }

    @Test("a binary number is rounded to the nearest, and refused when it does not fit")
    func fromDouble() {
        #expect(Decimal8(rounding: 0.1)?.description == "0.1")
        #expect(Decimal8(rounding: -1e-9) == .zero)
        #expect(Decimal8(rounding: .nan) == nil)
        #expect(Decimal8(rounding: -.infinity) == nil)
        #expect(Decimal8(rounding: 1e11) == nil)
        #expect(Decimal8("-12.5")?.doubleValue == -12.5)
        #expect(Decimal8("-12.5")?.wholePart == -12)
    }

    @Test("overflow and division by zero stop the program")
    func traps() async {
        await #expect(processExitsWith: .failure) { _ = Decimal8(units: .max) + Decimal8(units: 1) }
        await #expect(processExitsWith: .failure) { _ = Decimal8(90_000_000_000) * Decimal8(2) }
        await #expect(processExitsWith: .failure) { _ = Decimal8(1) / Decimal8.zero }
        await #expect(processExitsWith: .failure) { _ = Decimal8(1).rounded(places: 9) }
    }
}
