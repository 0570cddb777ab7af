// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// The ledger of trials on disk: lines that are only ever added to.
struct TrialFile {
    let folder: Folder

    /// The name of the file in its folder.
    static let name = "trials.jsonl"
    /// The most bytes that are read of it.
    static let limitBytes = 1 << 30

    init(_ desk: DeskFolder) {
        folder = desk.trials
    }

    /// What the file says, and how many of its lines cannot be read.
    func load() throws -> (book: TrialBook, damaged: Int) { Self.parse(try bytes()) }

    /// All of the file; nothing when there is none.
    func bytes() throws -> [UInt8] {
        try folder.readIfPresent(Self.name, limitBytes: Self.limitBytes) ?? []
    }

    /// What whole lines from a place on say, and the place behind them.
    func load(from offset: Int) throws -> (lines: [TrialLine], end: Int) {
        guard folder.contains(Self.name), try folder.size(of: Self.name) > offset else {
            return ([], offset)
        }
        let bytes = try folder.read(Self.name, from: offset, atMost: Self.limitBytes)
        guard let last = bytes.lastIndex(of: 0x0A) else { return ([], offset) }
        return (Self.parse(bytes[...last]).book.lines, offset + last + 1)
    }

    /// Reads lines.
    static func parse(_ bytes: some Collection<UInt8>) -> (book: TrialBook, damaged: Int) {
        var book = TrialBook()
        var damaged = 0
        for line in bytes.split(separator: 0x0A) {
            do throws(JSONError) {
                book.take(try TrialLine(Array(line)))
            } catch {
                // The rest of the file still counts, and the desk's history knows the others.
                damaged += 1
            }
        }
        return (book, damaged)
    }

    /// The bytes of lines.
    static func bytes(_ lines: [TrialLine]) -> [UInt8] {
        lines.flatMap { $0.bytes + [0x0A] }
    }

    /// Adds lines at the end.
    func append(_ lines: [TrialLine]) throws {
        guard !lines.isEmpty else { return }
        try folder.create()
        try folder.append(Self.bytes(lines), to: Self.name)
    }

    /// Writes a whole book in place of what is there.
    func replace(with book: TrialBook) throws {
        try folder.create()
        try folder.replace(Self.name, with: Self.bytes(book.lines))
    }
}
