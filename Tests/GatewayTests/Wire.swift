// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Glibc
import Testing
import Trading

/// A server with its control lines and door on socket pairs, driven one turn at a time.
final class Wire {
    let bench: Bench
    let server: GatewayServer
    private(set) var log: LogBook
    private var opened: [Int32] = []
    private let control: Int32
    let door: Int32

    final class LogBook {
        var lines: [String] = []
    }

    init(
        limits: ServerLimits = ServerLimits(),
        hasLatch: Bool = false,
        alarms: ((Bench) throws -> GatewayAlarms)? = nil
    ) throws {
        bench = try Bench(hasLatch: hasLatch)
        let log = LogBook()
        self.log = log
        let controlPair = try Self.makePair(SOCK_STREAM)
        let doorPair = try Self.makePair(SOCK_SEQPACKET)
        opened = [controlPair.0, controlPair.1, doorPair.0, doorPair.1]
        control = controlPair.0
        // As the server's own start does, so that a turn never waits for a reader.
        _ = fcntl(controlPair.1, F_SETFL, O_NONBLOCK)
        door = doorPair.0
        server = GatewayServer(
            service: bench.service,
            input: controlPair.1,
            output: controlPair.1,
            door: doorPair.1,
            limits: limits,
            alarms: try alarms?(bench),
            log: { line, _ in log.lines.append(line) }
        )
    }

    deinit {
        for descriptor in opened where descriptor >= 0 { close(descriptor) }
    }

    /// Closes a client's end.
    func hangUp(_ descriptor: Int32) {
        if let place = opened.firstIndex(of: descriptor) { opened[place] = -1 }
        close(descriptor)
    }

    static func makePair(_ type: __socket_type) throws -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(type.rawValue), 0, &ends) == 0)
        return (ends[0], ends[1])
    }

    /// Serves until nothing is left to do; false when the server has ended.
    func serveAll() throws -> Bool {
        for _ in 0..<20 where try !server.turn(waitingMilliseconds: 0) { return false }
        return true
    }

    /// Hands in one end of a new connection and returns the other.
    func connect(_ line: String, passes: Bool = true) throws -> Int32 {
        let pair = try Self.makePair(SOCK_STREAM)
        defer { close(pair.1) }
        opened.append(pair.0)
        var bytes = Array(line.utf8)
        var control = [UInt64](repeating: 0, count: 3)
        let sent = bytes.withUnsafeMutableBytes { bytes in
            control.withUnsafeMutableBytes { control in
                control.storeBytes(of: 20, as: Int.self)
                control.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
                control.storeBytes(
                    of: Int32(SCM_RIGHTS),
                    toByteOffset: 12,
                    as: Int32.self
                )
                control.storeBytes(of: pair.1, toByteOffset: 16, as: Int32.self)
                var part = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return withUnsafeMutablePointer(to: &part) { part -> Int in
                    var message = msghdr()
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = passes ? control.baseAddress : nil
                    message.msg_controllen = passes ? control.count : 0
                    return sendmsg(door, &message, 0)
                }
            }
        }
        try #require(sent == bytes.count)
        _ = try serveAll()
        return pair.0
    }

    func connect(as role: ClientRole) throws -> Int32 {
        try connect("{\"role\":\"\(role.rawValue)\"}\n")
    }

    static func send(_ text: String, to descriptor: Int32) -> Int {
        let bytes = Array(text.utf8)
        return Glibc.send(
            descriptor,
            bytes,
            bytes.count,
            Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        )
    }

    /// What waits to be read: lines, and whether the other end has closed.
    static func receive(from descriptor: Int32) -> (lines: [String], isClosed: Bool) {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
            guard count > 0 else {
                let lines = bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
                return (lines, count == 0 || errno == ECONNRESET)
            }
            bytes += chunk[..<count]
        }
    }

    static func line(_ method: GatewayMethod, _ parameters: JSON, id: Int64 = 1) -> String {
        let request: JSON = [
            "jsonrpc": "2.0", "id": .int(id), "method": .string(method.rawValue),
            "params": parameters,
        ]
        return request.compactText + "\n"
    }

    func command(_ text: String) throws -> [String] {
        _ = Self.send(text, to: control)
        _ = try serveAll()
        return Self.receive(from: control).lines
    }

    /// Sends a command without reading what comes back.
    func pour(_ text: String) { _ = Self.send(text, to: control) }

    func beginRound() throws {
        _ = try command(
            Self.line(.beginRound, ["time": .string(Bench.day(1)), "round": 0])
        )
    }

    func endControl() { shutdown(control, Int32(SHUT_WR)) }

    func closeDoor() {
        if let place = opened.firstIndex(of: door) { opened[place] = -1 }
        close(door)
    }
}
