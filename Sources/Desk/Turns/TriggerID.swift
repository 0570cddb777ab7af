// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The name of one request for a turn, harmless in a commit's message and as a file's name.
public struct TriggerID: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// What an id may look like, for messages.
    public static let form = "1 to 128 characters of A-Z, a-z, 0-9, '.', '_' and '-', not first '.'"

    /// Checks an id; nil when it does not have the ``form``.
    public init?(_ text: String) {
        let octets = Array(text.utf8)
        guard (1...128).contains(octets.count), octets[0] != 0x2E else { return nil }
        let areAllowed = octets.allSatisfy { octet in
            (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet)
                || (0x61...0x7A).contains(octet) || [0x2E, 0x5F, 0x2D].contains(octet)
        }
        guard areAllowed else { return nil }
        description = text
    }
}
