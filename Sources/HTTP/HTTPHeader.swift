// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One header of a request or a reply.
public struct HTTPHeader: Sendable, Hashable {
    /// The name in lowercase.
    public let name: String
    /// The value without blanks around it.
    public let value: String

    /// Creates a header; the name is put into lowercase.
    public init(_ name: String, _ value: String) {
        self.name = name.lowercased()
        self.value = value
    }

    /// Reads a line `Name: value`; nil when it is none.
    init?(line: some Collection<UInt8>) {
        guard let colon = line.firstIndex(of: 0x3A) else { return nil }
        let name = line[..<colon]
        guard !name.isEmpty, name.allSatisfy(Self.isTokenByte) else { return nil }
        let isBlank = { (byte: UInt8) in
            byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
        }
        var value = Array(line[line.index(after: colon)...].drop(while: isBlank))
        while let last = value.last, isBlank(last) { value.removeLast() }
        self.init(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }

    /// Whether name and value may stand in a request.
    var isWellFormed: Bool {
        Self.isToken(name) && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    /// Whether a text is a token of HTTP, as names and methods are.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
