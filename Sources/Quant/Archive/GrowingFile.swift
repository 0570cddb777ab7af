// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// A file of bars that only grows, and the hash of everything in it.
struct GrowingFile {
    private let folder: Folder
    private let name: String
    private var pending: [UInt8] = []
    private var isBegun = false
    /// Whether it has the columns of days, as its first bars have.
    private var hasDays = false
    private var running = RunningHash()
    /// The hash of what is on disk.
    private(set) var hash = RunningHash().value

    init(folder: Folder, name: String) {
        self.folder = folder
        self.name = name
    }

    /// Adds bars, to be written later.
    mutating func add(_ bars: [Bar]) {
        guard !bars.isEmpty else { return }
        // The header comes with the first bars: a file of bars without a row is no file of bars.
        if !isBegun { hasDays = bars.contains { $0.day != nil } }
        let bytes = BarCSV.bytes(of: bars, hasDays: hasDays)
        let header = hasDays ? BarCSV.headerWithDays : BarCSV.header
        pending += isBegun ? bytes.dropFirst(header.utf8.count + 1) : bytes[...]
        isBegun = true
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
