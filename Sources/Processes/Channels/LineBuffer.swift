// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Gathers bytes and gives them back line by line, within a limit.
struct LineBuffer: ~Copyable {
    /// What one read brought.
    enum Outcome: Equatable {
        case bytes(Int)
        case nothingYet
        case end
    }

    /// The longest line in bytes, its line feed not counted.
    let limitBytes: Int
    private var storage: UnsafeMutableRawBufferPointer
    private var start = 0
    private var scanned = 0
    private var end = 0

    private static let chunkBytes = 64 * 1024

    init(limitBytes: Int) {
        precondition(limitBytes > 0, "A line limit is at least one byte.")
        self.limitBytes = limitBytes
        storage = .allocate(byteCount: Self.chunkBytes, alignment: 16)
    }

    deinit {
        storage.deallocate()
    }

    /// The number of bytes held that have not been given back.
    var count: Int { end - start }

    /// Reads once from a descriptor.
    ///
    /// At most a chunk is held beyond the limit.
    mutating func fill(from descriptor: Int32) throws(ProcessError) -> Outcome {
        makeRoom()
        while true {
            let count = read(
                descriptor,
                storage.baseAddress?.advanced(by: end),
                storage.count - end
            )
            if count > 0 {
                end += count
                return .bytes(count)
            }
            if count == 0 { return .end }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .nothingYet
            case ECONNRESET: return .end
            default: throw ProcessError("read", "descriptor \(descriptor)", errorNumber: errno)
            }
        }
    }

    /// Takes out the oldest whole line without its line feed; nil when none is whole yet.
    ///
    /// - Throws: `lineTooLong` when the line, whole or not, exceeds the limit.
    mutating func takeLine() throws(ProcessError) -> [UInt8]? {
        let unseen = UnsafeRawBufferPointer(rebasing: storage[scanned..<end])
        guard let base = unseen.baseAddress, !unseen.isEmpty,
            let found = memchr(base, 0x0A, unseen.count)
        else {
            scanned = end
            try checkLength(end - start)
            return nil
        }
        let stop = scanned + (UnsafeRawPointer(found) - base)
        try checkLength(stop - start)
        let line = Array(storage[start..<stop])
        start = stop + 1
        scanned = start
        return line
    }

    /// Takes out what is held although no line feed ends it.
    mutating func takeRest() -> [UInt8] {
        defer { (start, scanned) = (end, end) }
        return Array(storage[start..<end])
    }

    private func checkLength(_ length: Int) throws(ProcessError) {
        guard length <= limitBytes else {
            throw ProcessError(
                code: .lineTooLong,
                operation: "read",
                subject: "a line of more than \(limitBytes) bytes",
                hint: "send less, or raise the line limit"
            )
        }
    }

    /// Leaves at least a quarter of a chunk free behind the held bytes.
    private mutating func makeRoom() {
        if start == end {
            start = 0
            scanned = 0
            end = 0
            // One long line must not hold its memory for ever.
            if storage.count > 16 * Self.chunkBytes { resize(to: Self.chunkBytes) }
        }
        guard storage.count - end < Self.chunkBytes / 4 else { return }
        if start > storage.count / 2 {
            move(into: storage)
        } else {
            resize(to: min(storage.count * 2, count + limitBytes + Self.chunkBytes))
        }
    }

    private mutating func resize(to size: Int) {
        let old = storage
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(size, count + Self.chunkBytes),
            alignment: 16
        )
        move(into: larger)
        storage = larger
        old.deallocate()
    }

    private mutating func move(into target: UnsafeMutableRawBufferPointer) {
        if count > 0, let source = storage.baseAddress {
            target.baseAddress?.copyMemory(from: source + start, byteCount: count)
        }
        scanned -= start
        end -= start
        start = 0
    }
}
