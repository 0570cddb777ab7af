// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A listening socket that only this computer reaches.
public final class LocalListener: Sendable {
    /// Where it listens.
    public enum Kind: Sendable {
        /// At a name that only the kernel knows.
        case unnamed
        /// At a port of the loopback that the system chooses.
        case loopback
    }

    /// The kernel's name; empty for a port.
    public let name: [UInt8]
    /// The port; 0 for a name.
    public let port: Int
    /// The number of the socket, which is closed with this value.
    public let descriptor: Int32

    /// Begins to listen.
    public init(kind: Kind) {
        switch kind {
        case .unnamed:
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            name = Self.bindUnnamed(descriptor)
            port = 0
        case .loopback:
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            name = []
            port = Self.bindLoopback(descriptor)
        }
        precondition(listen(descriptor, 64) == 0, "a local socket can listen")
        var time = timeval(tv_sec: 20, tv_usec: 0)
        let bytes = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, bytes)
    }

    deinit { close(descriptor) }

    /// The next connection; nil after a while without one, and once it is stopped.
    public func accept() -> Peer? {
        let number = Glibc.accept(descriptor, nil, nil)
        return number < 0 ? nil : Peer(number)
    }

    /// Ends waits for connections.
    public func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Another number of the same socket, for somebody who closes it.
    public func duplicate() -> Int32 { dup(descriptor) }

    private static func bindUnnamed(_ descriptor: Int32) -> [UInt8] {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let familyBytes = socklen_t(MemoryLayout<sa_family_t>.size)
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        // With the family alone the kernel chooses a name.
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, familyBytes) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        precondition(isBound, "a local socket can be bound")
        let count = Int(length - familyBytes)
        return withUnsafeBytes(of: &address.sun_path) { Array($0.prefix(count)) }
    }

    private static func bindLoopback(_ descriptor: Int32) -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        precondition(isBound, "the loopback has a free port")
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
