// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The name of a traded instrument, such as `AAPL` or `ES-2025H`.
public struct InstrumentID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The most characters that a name may have.
    public static let longest = 32

    /// The name.
    public let description: String

    /// Checks a name: ASCII letters, digits and `. _ - / = ^ :`.
    /// - Throws: A ``TradingError`` with code `invalidIdentifier`.
    public init(_ text: String) throws(TradingError) {
        description = try checkedIdentifier(
            text,
            "instrument",
            longest: Self.longest,
            marks: "._-/=^:"
        )
    }

    /// Orders names by their bytes.
    public static func < (left: InstrumentID, right: InstrumentID) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}

func checkedIdentifier(
    _ text: String,
    _ kind: String,
    longest: Int,
    marks: String
) throws(TradingError) -> String {
    let allowed = Array(marks.utf8)
    let isPlain = text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || allowed.contains(byte)
    }
    guard isPlain, !text.isEmpty, text.utf8.count <= longest else {
        throw TradingError(
            .invalidIdentifier,
            "name \(kind) '\(text.prefix(longest))'",
            "use 1 to \(longest) letters, digits or any of \(marks)"
        )
    }
    return text
}
