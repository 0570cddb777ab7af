// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import HTTP

/// Looks up the addresses of a host.
public protocol HostResolver: Sendable {
    /// The addresses in the order in which they should be tried; empty when there are none.
    ///
    /// Blocks.
    func addresses(of host: String) -> [IPAddress]
}

/// Asks the system.
public struct SystemResolver: HostResolver {
    /// Creates the resolver.
    public init() {}

    /// The addresses that the system knows for a host.
    ///
    /// Wraps `getaddrinfo`.
    public func addresses(of host: String) -> [IPAddress] {
        if let numeric = IPAddress(host) { return [numeric] }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [IPAddress] = []
        var next = first
        while let entry = next {
            next = entry.pointee.ai_next
            var text = [CChar](repeating: 0, count: 64)
            let code = getnameinfo(
                entry.pointee.ai_addr,
                entry.pointee.ai_addrlen,
                &text,
                socklen_t(text.count),
                nil,
                0,
                NI_NUMERICHOST
            )
            let bytes = text.prefix { $0 != 0 && $0 != 0x25 }.map(UInt8.init(bitPattern:))
            if code == 0, let address = IPAddress(String(decoding: bytes, as: UTF8.self)),
                !found.contains(address)
            {
                found.append(address)
            }
        }
        return found
    }
}
