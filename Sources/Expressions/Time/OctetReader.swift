// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Reads fixed forms such as dates and offsets from a text.
struct OctetReader {
    private let octets: [UInt8]
    private var place = 0

    init(_ text: String) {
        octets = Array(text.utf8)
    }

    init(_ octets: ArraySlice<UInt8>) {
        self.octets = Array(octets)
    }

    var isAtEnd: Bool { place == octets.count }

    /// The next octet, nil at the end.
    var next: UInt8? { place < octets.count ? octets[place] : nil }

    mutating func advance() { place += 1 }

    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard let next, UInt32(next) == character.value else { return false }
        place += 1
        return true
    }

    mutating func accept(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard octets[place...].starts(with: wanted) else { return false }
        place += wanted.count
        return true
    }

    /// The next decimal digit, taken.
    mutating func digit() -> Int64? {
        guard let next, (0x30...0x39).contains(next) else { return nil }
        place += 1
        return Int64(next - 0x30)
    }

    /// A number of exactly so many digits.
    mutating func digits(_ count: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// A number of one to six digits.
    mutating func number() -> Int64? {
        guard var number = digit() else { return nil }
        for _ in 0..<5 {
            guard let digit = digit() else { break }
            number = number * 10 + digit
        }
        return number
    }

    /// One to nine digits of a fraction of a second, as nanoseconds.
    mutating func fraction() -> Int32? {
        var nanoseconds: Int64 = 0
        var count = 0
        while let digit = digit() {
            count += 1
            guard count <= 9 else { return nil }
            nanoseconds = nanoseconds * 10 + digit
        }
        guard count > 0 else { return nil }
        for _ in count..<9 { nanoseconds *= 10 }
        return Int32(truncatingIfNeeded: nanoseconds)
    }

    /// `Z`, `+HH:MM` or `-HH:MM`, as seconds east of UTC.
    mutating func zoneOffset() -> Int64? {
        if accept("Z") || accept("z") { return 0 }
        let sign: Int64
        if accept("+") {
            sign = 1
        } else if accept("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = digits(2), accept(":"), let minutes = digits(2), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
