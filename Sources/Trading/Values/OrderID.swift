// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The identity of an order, chosen by whoever asks for it.
///
/// It is derived from the signal that asks, so that asking again cannot trade again. The exchange's
/// own exits append `!` and a word to the entry's id; a client's id never holds a `!`, so the two
/// cannot meet.
public struct OrderID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The most characters that a client's id may have.
    public static let longest = 160

    /// The id.
    public let description: String

    /// Checks a client's id: ASCII letters, digits and `. _ - / : #`.
    /// - Throws: A ``TradingError`` with code `invalidIdentifier`.
    public init(_ text: String) throws(TradingError) {
        description = try checkedIdentifier(text, "order", longest: Self.longest, marks: "._-/:#")
    }

    /// Reads an id of either kind, as the ledger and the gateway write it.
    /// - Throws: A ``TradingError`` with code `invalidIdentifier`.
    public init(anyKind text: String) throws(TradingError) {
        description = try checkedIdentifier(
            text,
            "order",
            longest: Self.longest + 13,
            marks: "._-/:#!"
        )
    }

    /// The id of the exit that the exchange itself makes for an entry.
    init(exitOf entry: OrderID, _ reason: ExitReason) {
        description = "\(entry)!\(reason.rawValue)"
    }

    /// Whether the exchange made this id.
    public var isMadeByExchange: Bool { description.utf8.contains(0x21) }

    /// Orders ids by their bytes.
    public static func < (left: OrderID, right: OrderID) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}
