// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A time zone with its name and its rules.
public struct Zone: Sendable, Hashable, CustomStringConvertible {
    /// The name, such as `America/New_York`.
    public let description: String
    /// When its clocks are moved.
    public let rules: ZoneRules

    /// Creates a zone.
    public init(_ name: String, rules: ZoneRules) {
        description = name
        self.rules = rules
    }

    /// The zone of desk time.
    public static let utc = Zone("UTC", rules: .utc)

    /// Whether a text can be the name of a zone, and is harmless as a path below a folder.
    public static func isName(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        return text.utf8.count <= 100
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy { octet in
                        (0x30...0x39).contains(octet) || (0x61...0x7A).contains(octet | 0x20)
                            || [0x5F, 0x2B, 0x2D].contains(octet)
                    }
            }
    }
}
