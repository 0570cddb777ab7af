// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The name of an instrument: 1 to 32 of `A-Z`, `0-9`, `.`, `_` and `-`, or a contract's code such
/// as `rb2501`.
public struct Symbol: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name as text.
    public let description: String

    /// Reads a name; nil when it is empty, too long or has other characters.
    public init?(_ text: some StringProtocol) {
        guard Self.isValid(text.utf8) else { return nil }
        description = String(text)
    }

    init?(bytes: some Collection<UInt8>) {
        guard Self.isValid(bytes) else { return nil }
        description = String(decoding: bytes, as: UTF8.self)
    }

    /// Reads a name that must be valid.
    /// - Throws: A ``QuantError`` with code `badSymbol`.
    public init(validating text: String) throws(QuantError) {
        guard let symbol = Symbol(text) else {
            throw QuantError(
                .badSymbol,
                operation: "read symbol '\(text)'",
                reason: "a symbol is 1 to 32 of A-Z, 0-9, '.', '_' and '-', or a contract's code "
                    + "such as rb2501"
            )
        }
        self = symbol
    }

    /// Orders names by their bytes.
    public static func < (left: Symbol, right: Symbol) -> Bool {
        left.description < right.description
    }

    private static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        (1...32).contains(bytes.count)
            && bytes.allSatisfy { byte in
                switch byte {
                case 0x41...0x5A, 0x30...0x39, 0x2E, 0x5F, 0x2D: true
                default: false
                }
            } || isContract(bytes)
    }

    /// Whether these are one or two small letters and four digits.
    private static func isContract(_ bytes: some Collection<UInt8>) -> Bool {
        let letters = bytes.prefix { (0x61...0x7A).contains($0) }.count
        return (1...2).contains(letters) && bytes.count == letters + 4
            && bytes.dropFirst(letters).allSatisfy { (0x30...0x39).contains($0) }
    }
}
