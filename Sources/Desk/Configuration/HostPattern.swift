// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Hosts that an agent may reach: one name, all names below one, or one address, at one port.
public struct HostPattern: Sendable, Hashable, CustomStringConvertible {
    /// What the pattern says about the host.
    public enum Host: Sendable, Hashable {
        /// Exactly this name.
        case name(String)
        /// Any name that ends in a dot and this one.
        case below(String)
        /// Exactly this numeric address; it may be a private one, because somebody wrote it.
        case address(String)
    }

    /// The host or hosts.
    public let host: Host
    /// The port; 443 when the configuration names none.
    public let port: Int

    /// The port of TLS, which is meant when none is written.
    public static let defaultPort = 443

    /// What a pattern may look like, for messages.
    public static let form =
        "a host such as api.example.com, *.example.com, 10.0.0.5 or [::1], and :PORT unless 443"

    /// Reads a pattern; nil when it does not have the ``form``.
    ///
    /// `localhost` is none: it is written as the address that is meant.
    public init?(_ text: String) {
        guard let (host, port) = Self.parts(of: text) else { return nil }
        guard let port = port.map(Self.port) ?? Self.defaultPort else { return nil }
        self.port = port
        if let address = Self.address(host) {
            self.host = .address(address)
        } else if host.hasPrefix("*.") {
            let name = host.dropFirst(2).lowercased()
            guard Self.isName(name), name.contains(".") else { return nil }
            self.host = .below(name)
        } else {
            let name = host.lowercased()
            guard Self.isName(name), name != "localhost" else { return nil }
            self.host = .name(name)
        }
    }

    /// Whether a host, as a caller wrote it, and a port are meant.
    public func matches(host: String, port: Int) -> Bool {
        guard port == self.port else { return false }
        let plain = Self.normalized(host)
        switch self.host {
        case .name(let name): return plain == name
        case .below(let name): return plain.hasSuffix(".\(name)") && Self.isName(plain)
        case .address(let address): return Self.address(plain) == address
        }
    }

    /// The pattern as it is written.
    public var description: String {
        let suffix = port == Self.defaultPort ? "" : ":\(port)"
        switch host {
        case .name(let name): return name + suffix
        case .below(let name): return "*.\(name)\(suffix)"
        case .address(let address):
            return (address.contains(":") ? "[\(address)]" : address) + suffix
        }
    }

    /// A host in lowercase, without brackets and without the dot that ends a full name.
    public static func normalized(_ host: String) -> String {
        var plain = host.lowercased()[...]
        if plain.hasPrefix("["), plain.hasSuffix("]") { plain = plain.dropFirst().dropLast() }
        if plain.hasSuffix(".") { plain = plain.dropLast() }
        return String(plain)
    }

    /// A numeric address in its one canonical form; nil for anything else.
    public static func address(_ text: String) -> String? {
        let plain = normalized(text)
        for family in [AF_INET, AF_INET6] {
            var octets = [UInt8](repeating: 0, count: 16)
            guard inet_pton(family, plain, &octets) == 1 else { continue }
            var buffer = [CChar](repeating: 0, count: 64)
            guard inet_ntop(family, octets, &buffer, socklen_t(buffer.count)) != nil else {
                return nil
            }
            let bytes = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            return String(decoding: bytes, as: UTF8.self)
        }
        return nil
    }

    /// Separates a host from the port behind it; the host keeps its brackets.
    static func parts(of text: String) -> (host: String, port: Substring?)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = String(text[...end])
            let rest = text[text.index(after: end)...]
            guard address(host)?.contains(":") == true else { return nil }
            if rest.isEmpty { return (host, nil) }
            return rest.hasPrefix(":") ? (host, rest.dropFirst()) : nil
        }
        guard let colon = text.firstIndex(of: ":") else { return (text, nil) }
        return (String(text[..<colon]), text[text.index(after: colon)...])
    }

    /// A port from 1 through 65535; nil for anything else.
    static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(text), (1...65_535).contains(number)
        else { return nil }
        return number
    }

    /// Whether a text is a name of the domain name system.
    ///
    /// The last label must begin with a letter: libraries take `127.1` and `0x7f000001` for
    /// addresses.
    static func isName(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let areWhole = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (48...57).contains($0) || $0 == 0x2D
                        || $0 == 0x5F
                }
        }
        return areWhole && labels.last?.utf8.first.map { (0x61...0x7A).contains($0) } ?? false
    }
}
