// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport

/// A caller that says exactly what it is told, byte by byte.
final class Caller {
    private let socket: Int32

    init(port: Int, patienceSeconds: Int = 20) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var patience = timeval(tv_sec: patienceSeconds, tv_usec: 0)
        setsockopt(
            socket,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw SupportError("cannot connect to port \(port)") }
    }

    deinit { close(socket) }

    /// Sends bytes; false when the other side has closed.
    @discardableResult
    func say(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func say(_ text: String) -> Bool { say(Array(text.utf8)) }

    /// Says that nothing more comes.
    func end() { shutdown(socket, Int32(SHUT_WR)) }

    /// Everything up to the end of the connection.
    func hearAll() -> String {
        var bytes: [UInt8] = []
        while let more = hear(), !more.isEmpty { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Listens until the text has been heard or the connection ends.
    func hear(until text: String) -> String {
        var heard = ""
        while !heard.contains(text), let more = hear(), !more.isEmpty {
            heard += String(decoding: more, as: UTF8.self)
        }
        return heard
    }

    private func hear() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &bytes, bytes.count, 0)
        return count < 0 ? nil : Array(bytes.prefix(count))
    }
}
