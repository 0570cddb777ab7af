// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The text form of octets of RFC 4648, section 4, with padding.
public enum Base64 {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// Writes octets as text.
    public static func append(_ octets: [UInt8], to output: inout [UInt8]) {
        var place = 0
        while place < octets.count {
            let count = min(3, octets.count - place)
            var group: UInt32 = 0
            for offset in 0..<3 {
                group = group << 8 | (offset < count ? UInt32(octets[place + offset]) : 0)
            }
            for sextet in 0..<4 {
                let letter = letters[Int(group >> UInt32(18 - 6 * sextet) & 63)]
                output.append(sextet <= count ? letter : UInt8(ascii: "="))
            }
            place += 3
        }
    }

    /// The octets a text stands for; nil when it is malformed or lacks its padding.
    public static func octets(of text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count % 4 == 0 else { return nil }
        let padding = letters.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        var octets: [UInt8] = []
        var group: UInt32 = 0
        for (place, letter) in letters.enumerated() {
            if place < letters.count - padding {
                guard let sextet = sextet(letter) else { return nil }
                group = group << 6 | sextet
            } else {
                group <<= 6
            }
            if place % 4 == 3 {
                octets.append(UInt8(truncatingIfNeeded: group >> 16))
                octets.append(UInt8(truncatingIfNeeded: group >> 8))
                octets.append(UInt8(truncatingIfNeeded: group))
                group = 0
            }
        }
        guard octets.suffix(padding).allSatisfy({ $0 == 0 }) else { return nil }
        octets.removeLast(padding)
        return octets
    }

    private static func sextet(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
