// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Reads numbers and times from the bytes of a field without making a text first.
enum NumberReader {
    /// Why a field has no number.
    enum Fault: Error {
        case notANumber
        case notFinite(Double)
    }

    /// The powers of ten that a double holds exactly.
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// Reads a decimal number, correctly rounded.
    ///
    /// A whole part and a power of ten that are both exact give a correctly rounded quotient
    /// (Clinger 1990); longer numbers and exponents go through the standard library.
    static func number(_ field: UnsafeBufferPointer<UInt8>) throws(Fault) -> Double {
        var index = 0
        let isNegative = field.first == 0x2D
        if isNegative { index = 1 }
        var digits: UInt64 = 0
        var digitCount = 0
        var decimals = 0
        var hasPoint = false
        while index < field.count {
            let byte = field[index]
            if byte >= 0x30, byte <= 0x39 {
                digits = digits &* 10 &+ UInt64(byte &- 0x30)
                digitCount += 1
                if hasPoint { decimals += 1 }
            } else if byte == 0x2E, !hasPoint {
                hasPoint = true
            } else {
                return try slowNumber(field)
            }
            index += 1
        }
        guard digitCount > 0, digitCount <= 18, digits < 1 << 53, decimals <= 22 else {
            return try slowNumber(field)
        }
        let value = Double(digits) / powers[decimals]
        return isNegative ? -value : value
    }

    private static func slowNumber(_ field: UnsafeBufferPointer<UInt8>) throws(Fault) -> Double {
        let text = String(decoding: field, as: UTF8.self)
        let isPlain = field.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: true
            default: false
            }
        }
        let names = ["nan", "inf", "infinity", "+inf", "-inf", "+infinity", "-infinity", "-nan"]
        guard isPlain || names.contains(text.lowercased()), let value = Double(text) else {
            throw .notANumber
        }
        guard value.isFinite else { throw .notFinite(value) }
        return value
    }

    /// Reads RFC 3339 or a bare date; nil for anything else.
    static func instant(_ field: UnsafeBufferPointer<UInt8>) -> Instant? {
        guard field.count == 10, field[4] == 0x2D, field[7] == 0x2D,
            let year = digits(field, 0, 4), let month = digits(field, 5, 7),
            let day = digits(field, 8, 10)
        else { return Instant(String(decoding: field, as: UTF8.self)) }
        guard (1678...2261).contains(year) else { return nil }
        return CalendarDate(year: year, month: month, day: day).map { Instant($0) }
    }

    private static func digits(
        _ field: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ end: Int
    ) -> Int? {
        var value = 0
        for index in start..<end {
            let byte = field[index]
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte &- 0x30)
        }
        return value
    }
}
