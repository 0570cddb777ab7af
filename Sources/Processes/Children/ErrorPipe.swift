// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Takes in what a child writes to its standard error and hands it on line by line.
///
/// Neither long lines nor many of them cost memory or time without bound: a line is cut, and what
/// comes faster than a rate is counted and dropped.
final class ErrorPipe {
    /// The longest line that is handed on whole, in bytes.
    static let lineLimitBytes = 16 << 10
    /// The most bytes that are handed on in one second.
    static let bytesPerSecond = 1 << 20

    private var descriptor: Descriptor?
    private let sink: @Sendable ([ErrorLine]) -> Void
    private let clock: any MonotonicClock
    /// The beginning of a line that is not whole yet.
    private var rest: [UInt8] = []
    /// Whether the line was cut, so that what is left of it is passed over.
    private var isCut = false
    private var dropped = 0
    private var windowEnd = MonotonicInstant(nanoseconds: .min)
    private var windowBytes = 0

    private static let chunkBytes = 64 << 10

    init(
        _ descriptor: consuming Descriptor,
        sink: @escaping @Sendable ([ErrorLine]) -> Void,
        clock: any MonotonicClock
    ) {
        self.descriptor = consume descriptor
        self.sink = sink
        self.clock = clock
    }

    /// The descriptor to wait for; nil when nothing comes any more.
    var number: Int32? { descriptor?.number }

    /// Takes in what is there, at most one pipe full.
    func drain() {
        var lines: [ErrorLine] = []
        take(into: &lines)
        if !lines.isEmpty { sink(lines) }
    }

    /// Takes in what the child left behind, and a last line without line feed too.
    func finish() {
        var lines: [ErrorLine] = []
        take(into: &lines)
        descriptor = nil
        if !rest.isEmpty { end(into: &lines) }
        if dropped > 0 { lines.append(.dropped(dropped)) }
        dropped = 0
        if !lines.isEmpty { sink(lines) }
    }

    private func take(into lines: inout [ErrorLine]) {
        guard let number = descriptor?.number else { return }
        let now = clock.now()
        if windowEnd <= now {
            windowEnd = now.advanced(by: .seconds(1))
            windowBytes = 0
        }
        withUnsafeTemporaryAllocation(byteCount: Self.chunkBytes, alignment: 1) { chunk in
            var count = read(number, chunk.baseAddress, chunk.count)
            while count < 0, errno == EINTR {
                count = read(number, chunk.baseAddress, chunk.count)
            }
            if count > 0 {
                split(UnsafeRawBufferPointer(rebasing: chunk[..<count]), into: &lines)
            } else if count == 0 || errno != EAGAIN {
                descriptor = nil
            }
        }
    }

    private func split(_ bytes: UnsafeRawBufferPointer, into lines: inout [ErrorLine]) {
        var left = bytes[...]
        while let base = UnsafeRawBufferPointer(rebasing: left).baseAddress, !left.isEmpty {
            let found = memchr(base, 0x0A, left.count).map { UnsafeRawPointer($0) - base }
            let part = left.prefix(found ?? left.count)
            let room = Self.lineLimitBytes - rest.count
            if !isCut { rest += part.prefix(room) }
            if part.count > room { isCut = true }
            guard let found else { return }
            left = left.dropFirst(found + 1)
            end(into: &lines)
        }
    }

    /// Hands a line on, or drops it when too much has come in this second.
    private func end(into lines: inout [ErrorLine]) {
        let line = ErrorLine.text(rest, isCut: isCut)
        windowBytes += rest.count + 1
        rest.removeAll(keepingCapacity: true)
        isCut = false
        guard windowBytes <= Self.bytesPerSecond else {
            dropped += 1
            return
        }
        if dropped > 0 { lines.append(.dropped(dropped)) }
        dropped = 0
        lines.append(line)
    }
}
