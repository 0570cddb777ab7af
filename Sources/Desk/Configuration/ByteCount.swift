// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A number of bytes, written `4096`, `500kB`, `10MB` or `64MiB`.
public struct ByteCount: Sendable, Hashable, CustomStringConvertible {
    /// The number.
    public let bytes: Int64

    /// Creates a count.
    public init(bytes: Int64) {
        self.bytes = bytes
    }

    /// Reads a count; nil when it is negative, has a fraction or an unknown unit, or is too large.
    public init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let factor = Self.units.first(where: { $0.name == text.dropFirst(digits.count) }),
            let count = Int64(digits)
        else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: factor.bytes)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    private static let units: [(name: String, bytes: Int64)] = [
        ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20), ("MB", 1_000_000),
        ("KiB", 1 << 10), ("kB", 1000), ("", 1),
    ]

    /// The count in the largest unit that divides it, such as `10MB`.
    public var description: String {
        let unit = Self.units.first { bytes != 0 && bytes % $0.bytes == 0 } ?? ("", 1)
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}
