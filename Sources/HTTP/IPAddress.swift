// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A numeric address of the internet protocol, version 4 or 6.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16 bytes, the first one first.
    public let octets: [UInt8]

    /// Reads the numeric form; nil for anything else, such as a name or `127.1`.
    public init?(_ text: String) {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var octets = [UInt8](repeating: 0, count: 16)
            guard unsafe inet_pton(family, text, &octets) == 1 else { continue }
            self.octets = Array(octets.prefix(count))
            return
        }
        return nil
    }

    /// The address in its usual form.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = octets.count == 4 ? AF_INET : AF_INET6
        guard unsafe inet_ntop(family, octets, &text, socklen_t(text.count)) != nil else {
            return "?"
        }
        let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the address is one of the public internet.
    ///
    /// Addresses of this computer, of a local network, of a link, for many receivers, for examples
    /// and reserved ones are not (the special-purpose registries of RFC 6890); an address that
    /// carries another one, as translators use, is as public as that.
    public var isPublic: Bool {
        octets.count == 4 ? Self.isPublic(octets) : isPublicVersion6
    }

    private static func isPublic(_ four: [UInt8]) -> Bool {
        switch (four[0], four[1], four[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): false
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _): false
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _): false
        case (198, 51, 100), (203, 0, 113): false
        default: true
        }
    }

    private var isPublicVersion6: Bool {
        let tail = Array(octets[12...])
        // ::ffff:0:0/96, the other version's addresses, and 64:ff9b::/96, a translator's.
        if octets[..<12] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] {
            return Self.isPublic(tail)
        }
        if octets[..<12] == [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0] {
            return Self.isPublic(tail)
        }
        guard octets[0] & 0xE0 == 0x20 else { return false }
        // 2001::/23 for protocols, 2001:db8::/32 and 3fff::/20 for examples; 2002::/16 carries an
        // address.
        if octets[0] == 0x20, octets[1] == 0x01 {
            return octets[2] > 0x01 && !(octets[2] == 0x0D && octets[3] == 0xB8)
        }
        if octets[0] == 0x20, octets[1] == 0x02 { return Self.isPublic(Array(octets[2..<6])) }
        return !(octets[0] == 0x3F && octets[1] == 0xFF && octets[2] < 0x10)
    }
}
