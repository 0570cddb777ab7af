// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The host and port that an endpoint listens on.
public struct EndpointAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or an IPv4 or IPv6 address, the latter without brackets, in lowercase.
    public let host: String
    /// The port; 0 for one that the system chooses.
    public let port: Int

    /// Reads `127.0.0.1:8787`, `localhost:8787` or `[::1]:8787`.
    /// - Throws: An ``EndpointError`` for anything else.
    public init(_ text: String) throws(EndpointError) {
        guard let colon = text.lastIndex(of: ":"),
            let port = Self.port(text[text.index(after: colon)...]),
            let host = Self.host(text[..<colon])
        else {
            throw EndpointError(
                code: .invalidAddress,
                address: text,
                reason: "expected a host and a port from 0 through 65535, such as 127.0.0.1:8787"
            )
        }
        self.init(host: host, port: port)
    }

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Host and port, as they stand in a URL.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), let port = Int(text), (0...65535).contains(port),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return port
    }

    private static func host(_ text: Substring) -> String? {
        guard text.contains(":") else { return isHost(text) ? text.lowercased() : nil }
        guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
        let inner = text.dropFirst().dropLast()
        return inner.utf8.allSatisfy { isHexadecimal($0) || $0 == 0x3A || $0 == 0x2E }
            ? inner.lowercased() : nil
    }

    private static func isHost(_ text: Substring) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D
                    || $0 == 0x2E
            }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
}
