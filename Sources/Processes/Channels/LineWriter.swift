// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Writes whole lines to a descriptor before a deadline, whatever mode the descriptor is in.
struct LineWriter {
    /// How a write is kept from waiting past the deadline.
    private enum Mode {
        case nonBlocking
        case socket
        case blocking
    }

    let descriptor: Int32
    private let mode: Mode

    /// A pipe that poll calls writable takes this much without waiting.
    private static let atomicBytes = 4096

    init(descriptor: Int32) {
        // A child that is gone must be an error here, not a signal that ends the program.
        _ = BrokenPipes.areIgnored
        self.descriptor = descriptor
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK {
            mode = .socket
        } else {
            mode = fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0 ? .nonBlocking : .blocking
        }
    }

    /// Creates a writer for a descriptor that is known not to block.
    init(nonBlocking descriptor: Int32) {
        _ = BrokenPipes.areIgnored
        self.descriptor = descriptor
        mode = .nonBlocking
    }

    /// Writes what can be written at once; nil when nothing can.
    func writeSome(_ bytes: [UInt8], from start: Int) throws(ProcessError) -> Int? {
        while true {
            if mode == .blocking, !canWriteNow() { return nil }
            let count = bytes.withUnsafeBytes { bytes in
                writeOnce(UnsafeRawBufferPointer(rebasing: bytes[start...]))
            }
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN: return nil
            default: throw ProcessError("write to", "descriptor \(descriptor)", errorNumber: errno)
            }
        }
    }

    private func writeOnce(_ bytes: UnsafeRawBufferPointer) -> Int {
        switch mode {
        case .nonBlocking:
            write(descriptor, bytes.baseAddress, bytes.count)
        case .socket:
            Glibc.send(
                descriptor,
                bytes.baseAddress,
                bytes.count,
                Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            )
        case .blocking:
            write(descriptor, bytes.baseAddress, min(bytes.count, Self.atomicBytes))
        }
    }

    private func canWriteNow() -> Bool {
        var entry = pollfd(fd: descriptor, events: Readiness.writable, revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Returns the line with its line feed, or throws when it has one already.
    static func framed(_ line: [UInt8]) throws(ProcessError) -> [UInt8] {
        let hasLineFeed = line.withUnsafeBytes { bytes in
            bytes.baseAddress.map { memchr($0, 0x0A, bytes.count) != nil } ?? false
        }
        guard !hasLineFeed else {
            throw ProcessError(
                code: .invalidLine,
                operation: "send",
                subject: "a line of \(line.count) bytes",
                hint: "escape line feeds first"
            )
        }
        var framed = [UInt8]()
        framed.reserveCapacity(line.count + 1)
        framed.append(contentsOf: line)
        framed.append(0x0A)
        return framed
    }

    static func timedOut(_ subject: String, sent: Int, of total: Int) -> ProcessError {
        ProcessError(
            code: .timedOut,
            operation: "send a line to",
            subject: "\(subject) (\(sent) of \(total) bytes sent)",
            hint: "the reader is stuck or slow: end it or allow more time"
        )
    }
}
