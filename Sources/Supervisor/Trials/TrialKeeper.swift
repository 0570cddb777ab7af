// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
import Git

/// Keeps count of what was tried on one desk, from all that remembers it.
///
/// Trials stand in three places: in the signals on branches, rescue refs and reflogs; in a file;
/// and under a reference of their own. Each is enough to find what another has lost.
public final class TrialKeeper {
    private let desk: OpenDesk
    private let file: TrialFile
    /// Finds trials in signals.
    let source: TrialSource
    /// Everything that was ever tried.
    public private(set) var book = TrialBook()
    /// As far as the file was looked at for what others add to it.
    private var seenBytes = 0

    /// Makes a keeper that knows nothing yet.
    public init(_ desk: OpenDesk, strategies: any StrategyReader) {
        self.desk = desk
        file = TrialFile(desk.folder)
        source = TrialSource(strategies)
    }

    /// Puts together what file, reference and history know; changes nothing.
    /// - Throws: A `GitError` or a `FileError` when one of them cannot be read.
    public func load() throws { _ = try read() }

    /// As ``load()``; gives what the history may be read from the next time.
    private func read() throws -> ToldHistory {
        let bytes = try file.bytes()
        book = TrialFile.parse(bytes).book
        for line in try TrialReference(desk).load().lines { book.take(line) }
        let scan = try scan(since: bytes)
        for line in scan.book.lines { book.take(line) }
        return ToldHistory(Set(scan.roots))
    }

    /// Reads of the history what the file, with these bytes, has not been told yet.
    private func scan(since bytes: [UInt8]) throws -> TrialScan {
        let told = try ToldHistory.load(beside: file, saying: bytes, readBy: source.fingerprint)
        return try TrialScan(of: desk.repository, source, since: told)
    }

    private func keep(_ told: ToldHistory) throws {
        try told.save(beside: file, saying: file.bytes(), readBy: source.fingerprint)
    }

    /// Reads the file alone, which is what a desk has counted so far.
    /// - Throws: A `FileError` when it cannot be read.
    public func loadFile() throws { book = try file.load().book }

    /// As ``load()``, and makes file and reference say all of it.
    public func restore() throws {
        let told = try read()
        let (kept, damaged) = try file.load()
        if damaged > 0 {
            try file.replace(with: book)
        } else {
            try file.append(book.lines(missingIn: kept))
        }
        try keep(told)
        try save()
    }

    /// Takes in what a turn said.
    func note(_ turn: FinishedTurn) throws {
        let place = Trial.Place(time: turn.record.time, round: turn.record.round)
        var new: [TrialLine] = []
        for signal in turn.signals {
            new += source.lines(of: signal, from: turn.agent.folder, at: place)
                .filter { book.take($0) }
        }
        try file.append(new)
    }

    /// Spares the next start the history so far; a start after a kill reads what was said since
    /// the last start.
    ///
    /// What was said by others is left for whoever takes the file in, as at any other moment.
    func tell() {
        do {
            let bytes = try file.bytes()
            let (kept, damaged) = TrialFile.parse(bytes)
            // The next start puts that right.
            guard damaged == 0 else { return }
            let scan = try scan(since: bytes)
            try file.append(scan.book.lines(missingIn: kept))
            try keep(ToldHistory(Set(scan.roots)))
        } catch {
            // Whatever stands in the way, that start reads more and finds the same.
        }
    }

    /// Takes in trials and looks from outside of any turn.
    ///
    /// A desk that runs reads them in the file within a second. For one at rest the reference says
    /// them as well.
    /// - Throws: A `FileError` or a `GitError` when they cannot be kept; they may be added again.
    public func add(_ trials: [Trial], looks: [Look] = []) throws {
        let lines = trials.map { TrialLine.trial($0) } + looks.map { TrialLine.look($0) }
        try file.append(lines.filter { book.take($0) })
        do {
            let lock = try DeskLock.take(desk.folder, purpose: "counting trials")
            try save()
            _ = consume lock
        } catch let error as SupervisorError where error.code == .alreadyRunning {
            // Whoever runs the desk takes the file in and saves it.
        }
    }

    /// Takes in what others have left in the file since the last look.
    /// - Throws: A `FileError` when it cannot be read.
    public func takeIn() throws {
        let (lines, end) = try file.load(from: seenBytes)
        for line in lines { book.take(line) }
        seenBytes = end
    }

    /// Makes the reference say what the book says.
    public func save() throws { try TrialReference(desk).save(book) }
}
