// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Looks for what must never be committed: keys of well-known forms, values that are called secret
/// and look random, and the secrets that this desk knows.
///
/// One pass over the bytes. It finds what got somewhere by mistake; whoever wants to hide a secret
/// can always write it in a way that no search knows.
struct SecretScan: Sendable {
    /// A secret and where it stands.
    struct Match: Sendable, Hashable {
        let range: Range<Int>
        /// What it is called in a message, such as `a model key`.
        let name: String
    }

    /// The secrets of the desk itself, in each spelling that is looked for.
    let known: KnownSecrets
    /// As ``formStarts``, with the beginnings of what the desk knows.
    private let starts: [Bool]

    init(_ known: KnownSecrets = KnownSecrets()) {
        self.known = known
        var starts = Self.formStarts
        for first in 0..<256 where known.begins(with: UInt8(first)) {
            for next in 0..<256 { starts[first << 8 | next] = true }
        }
        self.starts = starts
    }

    /// The kind of secret that the bytes seem to hold; nil when there is none.
    func find(in bytes: [UInt8]) -> String? {
        var found: String?
        scan(bytes) { match in
            found = match.name
            return false
        }
        return found
    }

    /// All secrets that the bytes seem to hold, in their order, none overlapping another.
    func matches(in bytes: [UInt8]) -> [Match] {
        var matches: [Match] = []
        scan(bytes) { match in
            matches.append(match)
            return true
        }
        return matches
    }

    /// The bytes with each secret replaced by what it is, and how many there were.
    func masked(_ bytes: [UInt8]) -> (bytes: [UInt8], count: Int) {
        let matches = matches(in: bytes)
        guard !matches.isEmpty else { return (bytes, 0) }
        var masked: [UInt8] = []
        var end = 0
        for match in matches {
            masked += bytes[end..<match.range.lowerBound]
            masked += Array("[\(match.name), masked]".utf8)
            end = match.range.upperBound
        }
        return (masked + bytes[end...], matches.count)
    }

    /// As ``masked(_:)``, for text.
    func masked(_ text: String) -> String {
        let (bytes, count) = masked(Array(text.utf8))
        return count == 0 ? text : String(decoding: bytes, as: UTF8.self)
    }

    /// Hands over each secret until the body wants no more.
    private func scan(_ bytes: [UInt8], _ body: (Match) -> Bool) {
        bytes.withUnsafeBufferPointer { bytes in
            starts.withUnsafeBufferPointer { starts in
                var place = 0
                while place < bytes.count {
                    let next = place + 1 < bytes.count ? Int(bytes[place + 1]) : 0
                    guard starts[Int(bytes[place]) << 8 | next],
                        let match = match(in: bytes, at: place)
                    else {
                        place += 1
                        continue
                    }
                    guard body(match) else { return }
                    place = max(place + 1, match.range.upperBound)
                }
            }
        }
    }

    private func match(
        in bytes: UnsafeBufferPointer<UInt8>,
        at place: Int
    ) -> Match? {
        if let length = known.length(in: bytes, at: place) {
            return Match(range: place..<(place + length), name: "a secret of this desk")
        }
        if let range = KeyHeader.range(in: bytes, at: place) {
            return Match(range: range, name: "a private key")
        }
        for form in SecretForm.byFirst[Int(bytes[place])] {
            guard let length = form.length(in: bytes, at: place) else { continue }
            return Match(range: place..<(place + length), name: form.name)
        }
        return AssignedSecret.match(in: bytes, at: place)
    }

    /// Whether something that is looked for begins with two bytes: the first times 256, and the
    /// second.
    private static let formStarts: [Bool] = {
        var starts = [Bool](repeating: false, count: 1 << 16)
        for form in SecretForm.all { starts[Int(form.prefix[0]) << 8 | Int(form.prefix[1])] = true }
        starts[0x2D << 8 | 0x2D] = true
        for separator in AssignedSecret.separators {
            for next in 0..<256 { starts[Int(separator) << 8 | next] = true }
        }
        return starts
    }()
}

/// Finds private keys as PEM files hold them, from the first line to the last.
private enum KeyHeader {
    private static let prefix = Array("-----BEGIN ".utf8)
    private static let mark = Array("PRIVATE KEY".utf8)
    private static let ending = Array("-----END ".utf8)
    private static let dashes = Array("-----".utf8)
    /// How far behind the beginning of the line its mark is looked for.
    private static let headerLimit = 64
    /// The longest key that is taken for one.
    private static let keyLimit = 16 << 10

    static func range(in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Range<Int>? {
        guard bytes[place] == 0x2D, bytes[place...].starts(with: prefix) else { return nil }
        let header = bytes[place...].prefix(headerLimit)
        guard header.contains(mark) else { return nil }
        // Without a last line, as in a key that was cut, what follows is taken for it.
        var end = min(bytes.count, place + keyLimit)
        var next = place + prefix.count
        while next < end {
            if bytes[next] == 0x2D, bytes[next...].starts(with: ending) { break }
            next += 1
        }
        guard next < end else { return place..<end }
        // The last line ends in dashes as well.
        let last = min(bytes.count, next + headerLimit)
        end = next + ending.count
        while end < last, !bytes[end...].starts(with: dashes) { end += 1 }
        return place..<min(last, end + dashes.count)
    }
}
