// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where the desk listens for webhooks and answers questions about its figures.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// The numeric address, IPv6 without brackets.
    public let host: String
    /// The port; 0 lets the system choose one.
    public let port: Int

    /// Whether only programs on this computer can reach it.
    public var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    /// Reads `127.0.0.1:8787`, `[::1]:8787`, or a port alone, which means 127.0.0.1.
    init?(_ text: String) {
        var host = "127.0.0.1"
        var port = text[...]
        if let colon = text.lastIndex(of: ":") {
            host = String(text[..<colon])
            port = text[text.index(after: colon)...]
            if host.hasPrefix("["), host.hasSuffix("]") {
                host = String(host.dropFirst().dropLast())
                guard Self.isAddress(host, AF_INET6) else { return nil }
            } else {
                if host == "localhost" { host = "127.0.0.1" }
                guard Self.isAddress(host, AF_INET) else { return nil }
            }
        }
        guard port.utf8.count <= 5, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(port), number <= 65_535
        else { return nil }
        self.host = host
        self.port = number
    }

    private static func isAddress(_ text: String, _ family: Int32) -> Bool {
        var octets = [UInt8](repeating: 0, count: 16)
        return inet_pton(family, text, &octets) == 1
    }

    /// The address as it is written in a configuration.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Reads `endpoint:`; nil when it is absent or wrong.
    static func read(_ reader: inout YAMLReader) -> ListenAddress? {
        guard reader.root["endpoint"] != nil else { return nil }
        guard let node = reader.mapping("endpoint", in: reader.root) else { return nil }
        reader.allowOnly(["listen"], in: node, path: "endpoint.")
        return reader.scalar(
            "listen",
            in: node,
            path: "endpoint.",
            expected: "a numeric address and a port such as 127.0.0.1:8787 or [::1]:8787"
        ) { ListenAddress($0) }
    }
}
