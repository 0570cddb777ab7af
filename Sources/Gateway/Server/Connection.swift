// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Trading

/// One peer: what it sent and is not yet a line, and what waits for it to read.
struct Connection {
    /// How a read ended.
    enum Arrival {
        case bytes
        case nothing
        case end
    }

    let input: Int32
    let output: Int32
    let role: ClientRole
    /// Tells connections apart, and newer ones from older ones.
    let number: Int
    private(set) var splitter: LineSplitter
    private var waiting: [UInt8] = []
    private var written = 0

    init(input: Int32, output: Int32, role: ClientRole, number: Int = 0, lineBytes: Int) {
        self.input = input
        self.output = output
        self.role = role
        self.number = number
        splitter = LineSplitter(limitBytes: lineBytes)
    }

    /// The bytes that wait for the peer.
    var waitingBytes: Int { waiting.count - written }

    /// Reads once without waiting.
    mutating func receive() -> Arrival {
        var count = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: 64 * 1024) { space, used in
            repeat {
                count = read(input, space.baseAddress, space.count)
            } while count < 0
                && errno == EINTR
            used = max(count, 0)
        }
        if count < 0, errno == EAGAIN { return .nothing }
        guard count > 0 else { return .end }
        splitter.append(chunk)
        return .bytes
    }

    mutating func takeLine() -> [UInt8]? { splitter.takeLine() }

    /// Puts a line behind what waits.
    mutating func enqueue(_ line: [UInt8]) {
        if written > 0 {
            waiting.removeSubrange(..<written)
            written = 0
        }
        waiting.append(contentsOf: line)
        waiting.append(0x0A)
    }

    /// Writes as much as the peer takes now; false when it is gone.
    mutating func flush() -> Bool {
        while waitingBytes > 0 {
            let count = waiting[written...].withUnsafeBytes { bytes in
                let sent = send(output, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
                guard sent < 0, errno == ENOTSOCK else { return sent }
                return write(output, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return true }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}
