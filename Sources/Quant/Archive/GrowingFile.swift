// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// A file of bars that only grows, and the hash of everything in it.
struct GrowingFile {
    private let folder: Folder
    private let name: String
    private var pending: [UInt8]
    private var running = RunningHash()
    /// The hash of what is on disk; nil before the first write.
    private(set) var hash: ContentHash?

    init(folder: Folder, name: String) {
        self.folder = folder
        self.name = name
        pending = Array("\(BarCSV.header)\n".utf8)
    }

    /// Adds bars, to be written later.
    mutating func add(_ bars: [Bar]) {
        guard !bars.isEmpty else { return }
        pending += BarCSV.bytes(of: bars).dropFirst(BarCSV.header.utf8.count + 1)
    }

    /// Writes what was added.
    mutating func write() throws(FileError) {
        guard !pending.isEmpty else { return }
        try folder.append(pending, to: name)
        running.update(pending)
        hash = running.value
        pending = []
    }
}
