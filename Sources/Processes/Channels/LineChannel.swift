// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Lines in both directions over one socket or two descriptors, each call with a deadline.
///
/// For the end that answers: an agent on descriptors 0 and 1, or the gateway on a socket. Calls
/// block. Not for use from two threads at once.
public final class LineChannel {
    /// The default for the longest line: 16 MiB.
    public static let defaultLimitBytes = 16 << 20

    private let owned: Descriptor?
    private let input: Int32
    private let writer: LineWriter
    private let clock: any MonotonicClock
    private let limitBytes: Int
    private var buffer: LineBuffer
    private var isBroken = false

    /// Creates a channel that owns one socket and closes it in the end.
    public init(
        over socket: consuming Descriptor,
        clock: any MonotonicClock,
        limitBytes: Int = LineChannel.defaultLimitBytes
    ) {
        input = socket.number
        writer = LineWriter(descriptor: socket.number)
        owned = consume socket
        self.clock = clock
        self.limitBytes = limitBytes
        buffer = LineBuffer(limitBytes: limitBytes)
    }

    /// Creates a channel over descriptors that somebody else keeps open, such as 0 and 1.
    ///
    /// Their mode is left as it is, because other processes may share it.
    public init(
        input: Int32,
        output: Int32,
        clock: any MonotonicClock,
        limitBytes: Int = LineChannel.defaultLimitBytes
    ) {
        owned = nil
        self.input = input
        writer = LineWriter(descriptor: output)
        self.clock = clock
        self.limitBytes = limitBytes
        buffer = LineBuffer(limitBytes: limitBytes)
    }

    /// Reads the next line without its line feed; nil when the other end has finished.
    ///
    /// Bytes behind the last line feed at the end are not a line and are dropped.
    ///
    /// - Throws: `timedOut` when no line was whole in time (what came is kept for the next call),
    ///   `lineTooLong` when one exceeds the limit; after that the channel only ever throws it.
    public func readLine(
        until deadline: MonotonicInstant = .distantFuture
    ) throws(ProcessError) -> [UInt8]? {
        while true {
            if let line = try buffer.takeLine() { return line }
            guard
                try Readiness.wait(
                    for: Readiness.readable,
                    on: input,
                    until: deadline,
                    clock: clock
                )
            else {
                throw ProcessError(
                    code: .timedOut,
                    operation: "read a line from",
                    subject: "descriptor \(input)",
                    hint: "the other end is stuck or slow"
                )
            }
            if try buffer.fill(from: input) == .end { return nil }
        }
    }

    /// Writes one line and its line feed.
    ///
    /// - Throws: `timedOut` when the reader was too slow, `inputClosed` when there is none,
    ///   `lineTooLong` and `invalidLine` before a byte is written. A line that was begun and not
    ///   finished breaks the channel: later writes throw `inputClosed`.
    public func writeLine(
        _ line: [UInt8],
        until deadline: MonotonicInstant = .distantFuture
    ) throws(ProcessError) {
        try requireSendable(line)
        let framed = try LineWriter.framed(line)
        var sent = 0
        while sent < framed.count {
            let written: Int?
            do throws(ProcessError) {
                written = try writer.writeSome(framed, from: sent)
            } catch {
                isBroken = true
                throw error
            }
            sent += written ?? 0
            if written != nil { continue }
            let isReady = try Readiness.wait(
                for: Readiness.writable,
                on: writer.descriptor,
                until: deadline,
                clock: clock
            )
            guard isReady else {
                isBroken = sent > 0
                throw LineWriter.timedOut(
                    "descriptor \(writer.descriptor)",
                    sent: sent,
                    of: framed.count
                )
            }
        }
    }

    /// Writes a line and reads the next one.
    ///
    /// - Throws: as `writeLine` and `readLine`; `outputClosed` when the other end finished first.
    public func request(
        _ line: [UInt8],
        until deadline: MonotonicInstant
    ) throws(ProcessError) -> [UInt8] {
        try writeLine(line, until: deadline)
        guard let reply = try readLine(until: deadline) else {
            throw ProcessError(
                code: .outputClosed,
                operation: "read a reply from",
                subject: "descriptor \(input)",
                hint: "see the other end's log"
            )
        }
        return reply
    }

    private func requireSendable(_ line: [UInt8]) throws(ProcessError) {
        guard line.count <= limitBytes else {
            throw ProcessError(
                code: .lineTooLong,
                operation: "send",
                subject: "a line of \(line.count) bytes, limit \(limitBytes)",
                hint: "send less, or raise the line limit"
            )
        }
        guard !isBroken else {
            throw ProcessError(
                code: .inputClosed,
                operation: "send a line to",
                subject: "descriptor \(writer.descriptor)",
                hint: "an earlier line was cut short, so open a new channel"
            )
        }
    }
}
