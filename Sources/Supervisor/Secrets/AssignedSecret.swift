// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Finds values that are called a secret and look random: `api_key: "…"`, `SECRET=…`, a password
/// in an address.
///
/// It starts at the separator, since those are rarer than letters, and looks back for the name.
enum AssignedSecret {
    /// Ends of names that tell of a secret, without `_` and `-`, backwards and by their last
    /// letter.
    private static let names: [[[UInt8]]] = {
        var table = [[[UInt8]]](repeating: [], count: 256)
        for name in [
            "secret", "password", "passwd", "apikey", "secretkey", "accesskey", "privatekey",
            "token", "credential", "credentials", "authorization", "bearer", "passphrase",
            "clientsecret",
        ] {
            let letters = Array(name.utf8.reversed())
            table[Int(letters[0])].append(letters)
        }
        return table
    }()

    /// The fewest characters of a value that is taken for random.
    static let leastLength = 20
    /// The fewest bits a character of such a value, on average.
    static let leastEntropy = 3.5
    /// The longest user and password of an address.
    private static let userLimit = 40
    private static let passwordLimit = 128

    /// The longest value that is judged.
    private static let valueLimit = 128

    /// What stands between a name and its value.
    static let separators: [UInt8] = [0x3A, 0x3D]

    /// The secret whose separator is at a place.
    static func match(in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> SecretScan.Match? {
        if bytes[place] == 0x3A, let range = password(in: bytes, at: place) {
            return .init(range: range, name: "a password in an address")
        }
        guard isNamedSecret(bytes, before: place) else { return nil }
        var start = place + 1
        // `:=`, blanks, and quotes that JSON has escaped.
        while start < bytes.count, isQuote(bytes[start]) || separators.contains(bytes[start]) {
            start += 1
        }
        // `Authorization: Bearer …`
        for word in ["Bearer ", "Basic ", "token "] where bytes[start...].starts(with: word.utf8) {
            start += word.utf8.count
        }
        var end = start
        while end < bytes.count, end - start < valueLimit, isValue(bytes[end]) { end += 1 }
        guard isRandom(bytes[start..<end]) else { return nil }
        while end < bytes.count, isValue(bytes[end]) { end += 1 }
        return .init(range: start..<end, name: "a value that is called a secret")
    }

    private static func isNamedSecret(_ bytes: UnsafeBufferPointer<UInt8>, before place: Int)
        -> Bool
    {
        var end = place
        while end > 0, isQuote(bytes[end - 1]) { end -= 1 }
        while end > 0, isJoint(bytes[end - 1]) { end -= 1 }
        guard end > 0 else { return false }
        return names[Int(bytes[end - 1] | 0x20)].contains { name in
            var place = end
            for letter in name {
                while place > 0, isJoint(bytes[place - 1]) { place -= 1 }
                guard place > 0, bytes[place - 1] | 0x20 == letter else { return false }
                place -= 1
            }
            return true
        }
    }

    /// A blank, a quote, or what JSON escapes one with.
    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x22 || byte == 0x27 || byte == 0x5C
    }

    private static func isJoint(_ byte: UInt8) -> Bool { byte == 0x2D || byte == 0x5F }

    private static func isValue(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2B, 0x2D, 0x2E, 0x2F, 0x3D, 0x5F, 0x7E: true
        default: false
        }
    }

    /// Whether a value is long and mixed enough not to be a word, a path or a number.
    private static func isRandom(_ value: some Collection<UInt8>) -> Bool {
        guard value.count >= leastLength else { return false }
        var counts = [Int](repeating: 0, count: 256)
        for byte in value { counts[Int(byte)] += 1 }
        func has(_ range: ClosedRange<UInt8>) -> Bool { range.contains { counts[Int($0)] > 0 } }
        let hasLetters = has(0x61...0x7A) || has(0x41...0x5A)
        guard hasLetters, has(0x30...0x39) else { return false }
        return entropy(counts, of: value.count) >= leastEntropy
    }

    /// The bits a character, by how often each occurs; in whole numbers, so that all computers
    /// agree.
    private static func entropy(_ counts: [Int], of total: Int) -> Double {
        var bits = 0.0
        for count in counts where count > 0 {
            let share = Double(count) / Double(total)
            bits -= share * share.binaryLogarithm
        }
        return bits
    }

    /// The password of an address such as `https://user:password@host`, by its colon.
    private static func password(
        in bytes: UnsafeBufferPointer<UInt8>,
        at colon: Int
    ) -> Range<Int>? {
        var start = colon
        while start > 0, isUser(bytes[start - 1]), colon - start < userLimit { start -= 1 }
        guard start < colon, start >= 3, bytes[(start - 3)..<start].elementsEqual("://".utf8) else {
            return nil
        }
        var end = colon + 1
        while end < bytes.count, end - colon < passwordLimit, isPassword(bytes[end]) { end += 1 }
        guard end < bytes.count, bytes[end] == 0x40, end - colon > 3 else { return nil }
        return (colon + 1)..<end
    }

    private static func isUser(_ byte: UInt8) -> Bool {
        isValue(byte) && byte != 0x2F || byte == 0x25
    }

    private static func isPassword(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && ![0x22, 0x2F, 0x3F, 0x40, 0x5C, 0x3C, 0x3E].contains(byte)
    }
}

extension Double {
    /// The logarithm to base two of a share between 0 and 1, to about four decimals.
    fileprivate var binaryLogarithm: Double {
        // Mantissa between 1 and 2; the logarithm of that by Padé, which needs no C library.
        let (exponent, mantissa) = (Double(self.exponent), self.significand)
        let y = (mantissa - 1) / (mantissa + 1)
        let square = y * y
        let natural = 2 * y * (1 + square / 3 + square * square / 5 + square * square * square / 7)
        return exponent + natural * 1.4426950408889634
    }
}
