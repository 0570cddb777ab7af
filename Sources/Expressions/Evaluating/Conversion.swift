// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The conversions between types.
enum Conversion {
    static func int(_ value: Value, at site: Site) throws(ExpressionError) -> Int64 {
        switch value {
        case .int(let number): return number
        case .uint(let number):
            guard let small = Int64(exactly: number) else { throw range(value, "int", at: site) }
            return small
        case .double(let number):
            // The interval is open at both ends: its bounds are rounded, so they tell nothing.
            guard number > -0x1p63, number < 0x1p63 else { throw range(value, "int", at: site) }
            return Int64(number)
        case .string(let text):
            guard let number = Int64(text) else { throw malformed(value, "int", at: site) }
            return number
        case .timestamp(let instant): return instant.seconds
        default: throw noOverload("int", value, at: site)
        }
    }

    static func uint(_ value: Value, at site: Site) throws(ExpressionError) -> UInt64 {
        switch value {
        case .uint(let number): return number
        case .int(let number):
            guard let positive = UInt64(exactly: number) else {
                throw range(value, "uint", at: site)
            }
            return positive
        case .double(let number):
            guard number >= 0, number < 0x1p64 else { throw range(value, "uint", at: site) }
            return UInt64(number)
        case .string(let text):
            guard let number = UInt64(text) else { throw malformed(value, "uint", at: site) }
            return number
        default: throw noOverload("uint", value, at: site)
        }
    }

    static func double(_ value: Value, at site: Site) throws(ExpressionError) -> Double {
        switch value {
        case .double(let number): return number
        case .int(let number): return Double(number)
        case .uint(let number): return Double(number)
        case .string(let text):
            guard let number = decimal(text) else { throw malformed(value, "double", at: site) }
            return number
        default: throw noOverload("double", value, at: site)
        }
    }

    static func bool(_ value: Value, at site: Site) throws(ExpressionError) -> Bool {
        switch value {
        case .bool(let flag): return flag
        case .string("1"), .string("t"), .string("true"), .string("TRUE"), .string("True"):
            return true
        case .string("0"), .string("f"), .string("false"), .string("FALSE"), .string("False"):
            return false
        case .string: throw malformed(value, "bool", at: site)
        default: throw noOverload("bool", value, at: site)
        }
    }

    static func string(_ value: Value, at site: Site) throws(ExpressionError) -> String {
        switch value {
        case .string(let text): return text
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .double(let number): return text(number)
        case .timestamp(let instant): return instant.description
        case .duration(let span): return span.description
        case .bytes(let octets):
            guard let text = String(validating: octets, as: UTF8.self) else {
                throw ExpressionError(.badConversion, "the bytes are not UTF-8", at: site)
            }
            return text
        default: throw noOverload("string", value, at: site)
        }
    }

    static func bytes(_ value: Value, at site: Site) throws(ExpressionError) -> [UInt8] {
        switch value {
        case .bytes(let octets): return octets
        case .string(let text): return Array(text.utf8)
        default: throw noOverload("bytes", value, at: site)
        }
    }

    static func timestamp(_ value: Value, at site: Site) throws(ExpressionError) -> Timestamp {
        switch value {
        case .timestamp(let instant): return instant
        case .int(let seconds):
            guard let instant = Timestamp(seconds: seconds) else {
                throw range(value, "timestamp", at: site)
            }
            return instant
        case .string(let text):
            guard let instant = Timestamp(text) else {
                throw malformed(value, "timestamp", at: site)
            }
            return instant
        default: throw noOverload("timestamp", value, at: site)
        }
    }

    static func duration(_ value: Value, at site: Site) throws(ExpressionError) -> TimeSpan {
        switch value {
        case .duration(let span): return span
        case .string(let text):
            guard let span = TimeSpan(text) else { throw malformed(value, "duration", at: site) }
            return span
        default: throw noOverload("duration", value, at: site)
        }
    }

    /// A decimal number, or an infinity or NaN by name; nil for anything else or out of range.
    static func decimal(_ text: String) -> Double? {
        switch text.lowercased() {
        case "nan", "+nan", "-nan": return .nan
        case "inf", "+inf", "infinity", "+infinity": return .infinity
        case "-inf", "-infinity": return -.infinity
        default: break
        }
        let isDecimal = text.utf8.allSatisfy { octet in
            Lexer.isDigit(octet) || "+-.eE".utf8.contains(octet)
        }
        guard isDecimal, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// The shortest text that reads back as the number, without a fraction when it is whole.
    private static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func range(
        _ value: Value,
        _ type: String,
        at site: Site
    ) -> ExpressionError {
        ExpressionError(.overflow, "\(value) is outside the range of \(type)", at: site)
    }

    private static func malformed(
        _ value: Value,
        _ type: String,
        at site: Site
    ) -> ExpressionError {
        let message = "\(value.excerpt) is not \(type == "int" ? "an" : "a") \(type)"
        return ExpressionError(.badConversion, message, at: site)
    }

    private static func noOverload(
        _ type: String,
        _ value: Value,
        at site: Site
    ) -> ExpressionError {
        let message = "no matching overload for \(type)(\(value.typeName))"
        return ExpressionError(.noMatchingOverload, message, at: site)
    }
}
