// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One end of a connection that says exactly what it is told; it is closed with this value.
///
/// Every wait ends after 20 seconds.
public final class Peer: Sendable {
    private let socket: Int32

    /// Takes over a connected socket.
    public init(_ socket: Int32) {
        self.socket = socket
        setPatience(SO_RCVTIMEO, milliseconds: 20_000)
    }

    /// Connects to a port of the loopback.
    /// - Throws: A ``SupportError`` when nobody listens there.
    public convenience init(port: Int) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        self.init(socket)
        guard result == 0 else { throw SupportError("cannot connect to port \(port)") }
    }

    deinit { close(socket) }

    private func setPatience(_ option: Int32, milliseconds: Int) {
        var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        setsockopt(socket, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Sends bytes; false when the other side has closed.
    @discardableResult
    public func say(_ bytes: [UInt8]) -> Bool { send(bytes) == bytes.count }

    /// Sends a text; false when the other side has closed.
    @discardableResult
    public func say(_ text: String) -> Bool { say(Array(text.utf8)) }

    /// Sends until nothing goes any more for a moment.
    /// - Returns: How many bytes went.
    public func sayUntilStuck(_ bytes: [UInt8]) -> Int {
        setPatience(SO_SNDTIMEO, milliseconds: 200)
        defer { setPatience(SO_SNDTIMEO, milliseconds: 20_000) }
        return send(bytes)
    }

    private func send(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return sent }
            sent += count
        }
        return sent
    }

    /// Says that nothing more comes.
    public func end() { shutdown(socket, Int32(SHUT_WR)) }

    /// A whole request: head, and as much body as it announces; empty when none comes.
    @discardableResult
    public func hearRequest() -> String {
        var bytes: [UInt8] = []
        let gap = Array("\r\n\r\n".utf8)
        while bytes.firstRange(of: gap) == nil {
            guard let more = hear() else { return "" }
            bytes += more
        }
        let head = bytes.firstRange(of: gap)?.upperBound ?? 0
        let text = String(decoding: bytes[..<head], as: UTF8.self).lowercased()
        let length = text.firstRange(of: "content-length: ").flatMap { range in
            Int(text[range.upperBound...].prefix { $0.isNumber })
        }
        while bytes.count < head + (length ?? 0), let more = hear() { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Everything up to the end of the connection.
    public func hearAll() -> String {
        var bytes: [UInt8] = []
        while let more = hear() { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Listens until a text has been heard or the connection ends.
    public func hear(until text: String) -> String {
        var heard = ""
        while !heard.contains(text), let more = hear() {
            heard += String(decoding: more, as: UTF8.self)
        }
        return heard
    }

    /// Waits until the other side has closed; false when it has not in time.
    public func awaitEnd() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(socket, &bytes, bytes.count, 0)
            if count == 0 { return true }
            if count < 0 { return errno == ECONNRESET }
        }
    }

    /// Lets a moment pass in which the other side says nothing.
    public func pass(milliseconds: Int) {
        setPatience(SO_RCVTIMEO, milliseconds: milliseconds)
        var byte: UInt8 = 0
        recv(socket, &byte, 1, Int32(MSG_PEEK))
        setPatience(SO_RCVTIMEO, milliseconds: 20_000)
    }

    private func hear() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    /// A whole reply with a length.
    public static func reply(_ status: Int, _ body: String, headers: String = "") -> String {
        "HTTP/1.1 \(status) Text\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
    }
}
