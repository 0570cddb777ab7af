// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An index as a file: the list of tracked files of one worktree.
///
/// Written in version 3, the first that can mark an entry as deliberately absent from the disk.
struct IndexFile: Sendable {
    /// One tracked file.
    struct Entry: Sendable {
        let path: [UInt8]
        let mode: FileMode
        let id: ObjectID
        /// True when the file is deliberately not on the disk.
        var isSkipped = false
        /// What the file looked like when it was last known to be unchanged; nil makes git compare
        /// the content.
        var seen: Seen?
    }

    /// The part of a file's status that an index keeps.
    struct Seen: Sendable {
        let fields: [UInt32]

        init(_ status: stat) {
            let numbers: [Int] = [
                status.st_ctim.tv_sec, status.st_ctim.tv_nsec, status.st_mtim.tv_sec,
                status.st_mtim.tv_nsec, Int(truncatingIfNeeded: status.st_dev),
                Int(truncatingIfNeeded: status.st_ino),
            ]
            let owner = [status.st_uid, status.st_gid]
            fields =
                numbers.map { UInt32(truncatingIfNeeded: $0) } + owner
                + [UInt32(truncatingIfNeeded: status.st_size)]
        }
    }

    /// Sorted by path, as a walk through the folders gives them.
    var entries: [Entry]

    func encoded() -> [UInt8] {
        var bytes = Array("DIRC".utf8)
        bytes.reserveCapacity(entries.count * 112 + 32)
        bytes.appendBigEndian(UInt32(3))
        bytes.appendBigEndian(UInt32(entries.count))
        for entry in entries { Self.append(entry, to: &bytes) }
        bytes.append(contentsOf: bytes.sha1)
        return bytes
    }

    /// What the check sum at the end of an index says.
    enum Soundness {
        case whole
        /// There are zeros instead: git can be told to write none, or the end was lost.
        case unknown
        case damaged
    }

    static func soundness(of bytes: [UInt8]) -> Soundness {
        let length = bytes.count - 20
        guard length >= 12, bytes.starts(with: "DIRC".utf8) else { return .damaged }
        let sum = Array(bytes[length...])
        if sum == Array(bytes[..<length]).sha1 { return .whole }
        return sum.allSatisfy { $0 == 0 } ? .unknown : .damaged
    }

    private static func append(_ entry: Entry, to bytes: inout [UInt8]) {
        let start = bytes.count
        // Six numbers, the mode, then three more.
        let fields = entry.seen?.fields
        for position in 0..<6 { bytes.appendBigEndian(fields?[position] ?? 0) }
        bytes.appendBigEndian(entry.mode.rawValue)
        for position in 6..<9 { bytes.appendBigEndian(fields?[position] ?? 0) }
        entry.id.append(to: &bytes)
        let length = UInt16(min(entry.path.count, 0xFFF))
        bytes.appendBigEndian(length | (entry.isSkipped ? 0x4000 : 0))
        if entry.isSkipped { bytes.appendBigEndian(UInt16(0x4000)) }
        bytes.append(contentsOf: entry.path)
        // At least one zero, up to a multiple of eight.
        let size = bytes.count - start
        bytes.append(contentsOf: repeatElement(0, count: 8 - size % 8))
    }
}

/// The files of one tree, in the order of an index; of none until it was listed.
struct FileListing {
    var tree: ObjectID?
    var entries: [IndexFile.Entry] = []
}
