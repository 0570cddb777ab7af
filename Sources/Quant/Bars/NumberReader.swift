// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Reads numbers and times from the bytes of a field without making a text first.
package enum NumberReader {
    /// Why a field has no number.
    enum Fault: Error {
        case notANumber
        case notFinite(Double)
    }

    /// Reads a decimal number, correctly rounded; nil for anything else and what is not finite.
    package static func number(_ text: [UInt8]) -> Double? {
        // Only whether there is a number is asked here.
        text.withUnsafeBufferPointer { try? number($0) }
    }

    /// Reads a decimal number, correctly rounded.
    ///
    /// Up to 19 digits are put together as a whole number and scaled; what is longer or far from
    /// one goes through the standard library.
    static func number(_ field: UnsafeBufferPointer<UInt8>) throws(Fault) -> Double {
        var index = 0
        let isNegative = field.first == 0x2D
        if isNegative { index = 1 }
        var digits: UInt64 = 0
        var digitCount = 0
        var decimals = 0
        var hasPoint = false
        var hasDigit = false
        while index < field.count {
            let byte = field[index]
            if byte >= 0x30, byte <= 0x39 {
                hasDigit = true
                digits = digits &* 10 &+ UInt64(byte &- 0x30)
                // Zeros in front do not count.
                if digits != 0 { digitCount += 1 }
                if hasPoint { decimals += 1 }
            } else if byte == 0x2E, !hasPoint {
                hasPoint = true
            } else {
                break
            }
            index += 1
        }
        guard hasDigit, digitCount <= 19, let power = exponent(field, from: index),
            let size = digits == 0
                ? 0 : DecimalPowers.shared.double(digits, exponent: power - decimals)
        else { return try slowNumber(field) }
        return isNegative ? -size : size
    }

    /// The exponent behind the digits, 0 when there is none; nil when it is long or malformed.
    private static func exponent(_ field: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < field.count else { return 0 }
        guard field[start] | 0x20 == 0x65 else { return nil }
        var index = start + 1
        let isNegative = index < field.count && field[index] == 0x2D
        if index < field.count, isNegative || field[index] == 0x2B { index += 1 }
        guard index < field.count, field.count - index <= 3,
            let size = digits(field, index, field.count)
        else { return nil }
        return isNegative ? -size : size
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

    /// Reads RFC 3339, the same without a zone (which means UTC), or a bare date; nil for
    /// anything else.
    static func instant(_ field: UnsafeBufferPointer<UInt8>) -> Instant? {
        guard field.count == 10 else {
            let text = String(decoding: field, as: UTF8.self)
            return Instant(text) ?? (field.count >= 19 ? Instant(text + "Z") : nil)
        }
        guard field[4] == 0x2D, field[7] == 0x2D, let year = digits(field, 0, 4),
            let month = digits(field, 5, 7), let day = digits(field, 8, 10),
            (1678...2261).contains(year)
        else { return nil }
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
