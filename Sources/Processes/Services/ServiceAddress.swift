// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Where a service manager listens, as the variable `NOTIFY_SOCKET` gives it.
struct ServiceAddress: Sendable, Hashable {
    /// The bytes of the socket's name; an abstract one begins with a zero.
    let bytes: [UInt8]

    /// The longest name that a socket's address holds, with its final zero.
    static let limitBytes = MemoryLayout.size(ofValue: sockaddr_un().sun_path)

    /// Reads `/a/path` or `@an-abstract-name`; nil for anything else and for what does not fit.
    init?(_ text: String) {
        var bytes = Array(text.utf8)
        guard bytes.count > 1, bytes.count < Self.limitBytes, !bytes.contains(0) else { return nil }
        switch bytes[0] {
        case 0x2F: break
        case 0x40: bytes[0] = 0
        default: return nil
        }
        self.bytes = bytes
    }

    /// Calls with the address in the form that the system takes.
    func withSocketAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let offset = MemoryLayout<sockaddr_un>.size - Self.limitBytes
        // An abstract name is exactly as long as its bytes; a path ends in a zero.
        let isAbstract = bytes[0] == 0
        let length = socklen_t(offset + bytes.count + (isAbstract ? 0 : 1))
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
