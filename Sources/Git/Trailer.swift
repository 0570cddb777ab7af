// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One `Key: value` line at the end of a commit message.
public struct Trailer: Hashable, Sendable {
    /// The word before the colon, such as `Turn`.
    public let key: String
    /// The text after the colon, without surrounding spaces.
    public let value: String

    /// Makes a trailer.
    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    /// Reads the trailers of a message: its last paragraph, if that is not the only one and every
    /// line of it is a trailer or the indented continuation of one.
    static func parse(message: String) -> [Trailer] {
        let lines = message.utf8
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { Substring($0) }
        guard let last = lines.lastIndex(where: { !$0.trimmingSpaces.isEmpty }),
            let gap = lines[..<last].lastIndex(where: { $0.trimmingSpaces.isEmpty }),
            lines[..<gap].contains(where: { !$0.trimmingSpaces.isEmpty })
        else { return [] }

        var trailers: [Trailer] = []
        for line in lines[(gap + 1)...last] {
            if line.hasPrefix(" ") || line.hasPrefix("\t"), let previous = trailers.popLast() {
                let joined = previous.value + " " + line.trimmingSpaces
                trailers.append(Trailer(key: previous.key, value: joined))
            } else if let trailer = Trailer(line: line) {
                trailers.append(trailer)
            } else {
                return []
            }
        }
        return trailers
    }

    private init?(line: Substring) {
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let key = line[..<colon]
        let isWord = key.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "-")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        guard !key.isEmpty, isWord else { return nil }
        self.key = String(key)
        self.value = line[line.utf8.index(after: colon)...].trimmingSpaces
    }
}
