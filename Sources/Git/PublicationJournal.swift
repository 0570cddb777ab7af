// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file of records that is written in place from its beginning again and again.
///
/// Its head names a generation, and only records of that generation count, up to the first that
/// is cut short or damaged. To clear the journal is to write the next generation into the head, so
/// the file neither shrinks nor grows in the long run, and a flush has only content to write.
final class PublicationJournal {
    private static let magic = Array("LDJ1".utf8)
    private static let headLength = 12
    /// Generation and length before the content, a check sum behind.
    private static let frameLength = 12
    private static let checksumLength = 20

    private let path: String
    private let file: Descriptor
    private var generation: UInt64
    private var end: Int

    /// Opens the journal, making an empty one if need be.
    init(_ path: String) throws(GitError) {
        self.path = path
        let folder = Path.parent(of: path)
        try Files.makeFolders(folder, within: Path.parent(of: folder), Self.operation)
        let number = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw GitError.system(Self.operation, at: path) }
        file = Descriptor(number)
        let bytes = try Files.load(path, Self.operation) ?? []
        generation = Self.generation(of: bytes) ?? 0
        end = Self.content(of: bytes, generation).end
        guard Self.generation(of: bytes) == nil else { return }
        try write(Self.head(generation), at: 0)
        // A flush of the content alone would not keep the name of a new file, nor its folder's.
        try Files.flushFolder(folder, Self.operation)
        try Files.flushFolder(Path.parent(of: folder), Self.operation)
    }

    /// The records that count, oldest first.
    func records() throws(GitError) -> [JournalRecord] {
        let bytes = try Files.load(path, Self.operation) ?? []
        return Self.content(of: bytes, generation).records
    }

    /// Adds a record.
    func append(_ record: JournalRecord, isDurable: Bool) throws(GitError) {
        let bytes = Self.frame(record, generation)
        try write(bytes, at: end)
        // After a failed flush nobody knows what the disk holds: the same place is written again.
        if isDurable { try file.flushContent(Self.operation, at: path) }
        end += bytes.count
    }

    /// Makes all records count no more, and another one instead if given.
    ///
    /// Both are one write, so that no kill comes in between.
    func clear(to record: JournalRecord? = nil) throws(GitError) {
        let next = generation + 1
        var bytes = Self.head(next)
        if let record { bytes += Self.frame(record, next) }
        try write(bytes, at: 0)
        generation = next
        end = bytes.count
    }

    private static var operation: String { "keep a publication" }

    private static func head(_ generation: UInt64) -> [UInt8] {
        var bytes = magic
        bytes.appendBigEndian(generation)
        return bytes
    }

    private static func frame(_ record: JournalRecord, _ generation: UInt64) -> [UInt8] {
        let content = record.encoded
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.count + frameLength + checksumLength)
        bytes.appendBigEndian(generation)
        bytes.appendBigEndian(UInt32(content.count))
        bytes.append(contentsOf: content)
        bytes.append(contentsOf: bytes.sha1)
        return bytes
    }

    private func write(_ bytes: [UInt8], at offset: Int) throws(GitError) {
        guard lseek(file.number, off_t(offset), SEEK_SET) >= 0 else {
            throw GitError.system(Self.operation, at: path)
        }
        try file.write(bytes, Self.operation, at: path)
    }

    /// The generation in the head; nil for a file that was never finished.
    private static func generation(of bytes: [UInt8]) -> UInt64? {
        guard bytes.count >= headLength, bytes.starts(with: magic) else { return nil }
        return number(in: bytes, at: 4)
    }

    private static func number(in bytes: [UInt8], at offset: Int) -> UInt64 {
        UInt64(bytes.bigEndian32(at: offset)) << 32 | UInt64(bytes.bigEndian32(at: offset + 4))
    }

    private static func content(
        of bytes: [UInt8],
        _ generation: UInt64
    ) -> (records: [JournalRecord], end: Int) {
        var records: [JournalRecord] = []
        var end = headLength
        while end + frameLength <= bytes.count, number(in: bytes, at: end) == generation {
            let body = end + frameLength
            let close = body + Int(bytes.bigEndian32(at: end + 8))
            guard close + checksumLength <= bytes.count,
                Array(bytes[end..<close]).sha1 == Array(bytes[close..<(close + checksumLength)]),
                let record = JournalRecord(Array(bytes[body..<close]))
            else { break }
            records.append(record)
            end = close + checksumLength
        }
        return (records, end)
    }
}
