// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

@Suite("Channels")
struct ChannelTests {
    @Test("lines go both ways over a socket pair")
    func bothWays() throws {
        let pair = try DescriptorPair.makeSocketPair(kind: .stream)
        let left = LineChannel(over: pair.first, clock: clock)
        let right = LineChannel(over: pair.second, clock: clock)

        try right.writeLine(Array("answer".utf8))
        let reply = try left.request(Array("question".utf8), until: soon())

        #expect(reply == Array("answer".utf8))
        #expect(try right.readLine(until: soon()) == Array("question".utf8))
    }

    @Test("a read without a line runs into the deadline")
    func readDeadline() throws {
        let pair = try DescriptorPair.makeSocketPair(kind: .stream)
        let left = LineChannel(over: pair.first, clock: clock)

        let error = #expect(throws: ProcessError.self) {
            try left.readLine(until: soon(.milliseconds(5)))
        }

        #expect(error?.code == .timedOut)
    }

    @Test("a write that nobody reads runs into the deadline and breaks the channel")
    func writeDeadline() throws {
        let pipe = try DescriptorPair.makePipe()
        let channel = LineChannel(
            input: pipe.first.number,
            output: pipe.second.number,
            clock: clock
        )

        let error = #expect(throws: ProcessError.self) {
            try channel.writeLine(
                [UInt8](repeating: 1, count: 1 << 20),
                until: soon(.milliseconds(20))
            )
        }
        let next = #expect(throws: ProcessError.self) { try channel.writeLine([1]) }

        #expect(error?.code == .timedOut)
        #expect(next?.code == .inputClosed)
    }

    @Test("the end of the other side is the end of the lines")
    func end() throws {
        let pair = try DescriptorPair.makeSocketPair(kind: .stream)
        let left = LineChannel(over: pair.first, clock: clock)
        var right: LineChannel? = LineChannel(over: pair.second, clock: clock)
        try right?.writeLine([0x61])
        right = nil

        #expect(try left.readLine(until: soon()) == [0x61])
        #expect(try left.readLine(until: soon()) == nil)
        let error = #expect(throws: ProcessError.self) { try left.writeLine([0x62]) }
        #expect(error?.code == .inputClosed)
    }

    @Test("a line over the limit is refused on both sides")
    func limit() throws {
        let pair = try DescriptorPair.makeSocketPair(kind: .stream)
        let left = LineChannel(over: pair.first, clock: clock, limitBytes: 10)
        let right = LineChannel(over: pair.second, clock: clock)

        try right.writeLine([UInt8](repeating: 1, count: 11))
        let read = #expect(throws: ProcessError.self) { try left.readLine(until: soon()) }
        let write = #expect(throws: ProcessError.self) {
            try left.writeLine([UInt8](repeating: 1, count: 11))
        }

        #expect(read?.code == .lineTooLong)
        #expect(write?.code == .lineTooLong)
    }

    @Test("a descriptor passes over a socket with its payload and is closed at exec")
    func passing() throws {
        let pair = try DescriptorPair.makeSocketPair(kind: .sequencedPackets)
        let pipe = try DescriptorPair.makePipe()

        try pair.first.sendDescriptor(pipe.second, payload: [7, 8], until: soon(), clock: clock)
        let received = try pair.second.receiveDescriptor(until: soon(), clock: clock)
        let written = write(received.descriptor.number, "x", 1)
        var byte: UInt8 = 0
        let count = read(pipe.first.number, &byte, 1)

        #expect(received.payload == [7, 8])
        #expect(written == 1 && count == 1 && byte == 0x78)
        #expect(fcntl(received.descriptor.number, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test("bytes without a descriptor, silence and the end are three errors")
    func passingFailures() throws {
        let pair = try DescriptorPair.makeSocketPair(kind: .sequencedPackets)
        _ = write(pair.first.number, "x", 1)

        let alone = failure(pair.second, soon())
        let silence = failure(pair.second, soon(.milliseconds(5)))
        shutdown(pair.first.number, Int32(SHUT_RDWR))
        let end = failure(pair.second, soon())

        #expect([alone, silence, end] == [.noDescriptor, .timedOut, .outputClosed])
    }

    private func failure(
        _ socket: borrowing Descriptor,
        _ deadline: MonotonicInstant
    ) -> ProcessError.Code? {
        do {
            _ = try socket.receiveDescriptor(until: deadline, clock: clock)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("an instant too far away is the distant future")
    func saturation() {
        let start = MonotonicInstant(nanoseconds: 5)

        #expect(start.advanced(by: .seconds(Int64.max)) == .distantFuture)
        #expect(start.advanced(by: .milliseconds(2)).nanoseconds == 2_000_005)
    }
}
