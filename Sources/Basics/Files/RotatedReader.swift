// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads the lines of a file that is rotated, each once and in order, while it grows.
///
/// An open file is read to its end even after it was set aside, and then the one after it. Lines
/// are lost only when more files have been set aside than are kept before they were read. Not for
/// use from two threads at once.
public final class RotatedReader {
    private let files: RotatedFiles
    private var descriptor: Int32 = -1
    private var offset = 0
    private var rest: [UInt8] = []
    /// The number of the open file, or one below it when it was opened as the newest.
    private var floor = 0
    /// Whether the rest of an overlong line is still to be passed over.
    private var isSkipping = false

    /// The longest line in bytes; a longer one is passed over.
    public static let lineLimitBytes = 16 << 20
    private static let chunkBytes = 256 << 10

    /// Names the files; nothing is opened yet.
    public init(_ files: RotatedFiles) {
        self.files = files
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Hands over the whole lines that have been added since the last call, without line feeds.
    ///
    /// A last line without a line feed waits for it, unless its file has been set aside, in which
    /// case it is dropped.
    /// - Throws: A ``FileError`` when the files cannot be read, or what the body throws.
    public func read<Failure: Error>(
        _ body: (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws {
        if descriptor < 0 { guard try openNext() else { return } }
        while descriptor >= 0 {
            // Asked before the file is read to its end: nothing is added to one that has a
            // successor.
            let hasSuccessor = !isNewest
            try readToEnd(body)
            guard hasSuccessor, try openNext() else { return }
        }
    }

    /// Whether the open file is the one that grows.
    private var isNewest: Bool {
        var (own, newest) = (stat(), stat())
        guard fstat(descriptor, &own) == 0,
            stat(files.folder.path(of: files.newest), &newest) == 0
        else { return true }
        return own.st_ino == newest.st_ino && own.st_dev == newest.st_dev
    }

    private func readToEnd<Failure: Error>(
        _ body: (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws {
        while true {
            let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { buffer, count in
                let amount = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
                count = max(0, amount)
            }
            guard !chunk.isEmpty else { return }
            offset += chunk.count
            var lines = rest.isEmpty ? chunk[...] : (rest + chunk)[...]
            while let end = lines.firstIndex(of: 0x0A) {
                let line = lines[..<end]
                lines = lines[(end + 1)...]
                guard !isSkipping else {
                    isSkipping = false
                    continue
                }
                if !line.isEmpty { try body(line) }
            }
            rest = Array(lines)
            guard rest.count > Self.lineLimitBytes else { continue }
            isSkipping = true
            rest = []
        }
    }

    /// Opens the file after the open one, or the oldest when none is open; false when there is
    /// none.
    private func openNext() throws(FileError) -> Bool {
        let numbers = try files.numbers()
        let number = descriptor < 0 ? nil : numbers.last { isOpen($0) }
        let known = max(floor, number ?? 0)
        for later in numbers where later > known && openFile(later) { return true }
        let last = max(known, numbers.last ?? 0)
        guard openFile(files.newest, floor: last) else { return false }
        // It can have been set aside before it was opened, and one more after it.
        for later in try files.numbers() where later > last && openFile(later) { return true }
        return true
    }

    /// Whether the file that was set aside as that number is the open one.
    private func isOpen(_ number: Int) -> Bool {
        var (own, other) = (stat(), stat())
        return fstat(descriptor, &own) == 0
            && stat(files.folder.path(of: files.name(number)), &other) == 0
            && own.st_ino == other.st_ino && own.st_dev == other.st_dev
    }

    private func openFile(_ number: Int) -> Bool {
        openFile(files.name(number), floor: number)
    }

    private func openFile(_ name: String, floor: Int) -> Bool {
        let opened = open(files.folder.path(of: name), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else { return false }
        if descriptor >= 0 { close(descriptor) }
        descriptor = opened
        self.floor = floor
        offset = 0
        rest = []
        isSkipping = false
        return true
    }
}
