// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Reads base64 as RFC 4648, section 4, writes it, with padding.
enum Base64Text {
    /// The bytes; nil when a character is out of place, the padding is missing or bits are left
    /// over.
    static func bytes(of text: some StringProtocol) -> [UInt8]? {
        let letters = Array(text.utf8)
        let padding = letters.reversed().prefix { $0 == 0x3D }.count
        guard letters.count % 4 == 0, padding <= 2, padding <= letters.count else { return nil }
        var bytes: [UInt8] = []
        var (held, bits): (UInt32, Int) = (0, 0)
        for letter in letters.dropLast(padding) {
            guard let sextet = sextet(letter) else { return nil }
            held = held << 6 | sextet
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
        }
        // What is left over must be zero, so that each value has one text.
        guard held & (1 << UInt32(bits) - 1) == 0 else { return nil }
        return bytes
    }

    private static func sextet(_ letter: UInt8) -> UInt32? {
        switch letter {
        case 0x41...0x5A: UInt32(letter) - 0x41
        case 0x61...0x7A: UInt32(letter) - 0x61 + 26
        case 0x30...0x39: UInt32(letter) - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
