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
    public func load() throws {
        book = try file.load().book
        for line in try TrialReference(desk).load().lines { book.take(line) }
        for line in try TrialScan.book(of: desk.repository, source).lines { book.take(line) }
    }

    /// Reads the file alone, which is what a desk has counted so far.
    /// - Throws: A `FileError` when it cannot be read.
    public func loadFile() throws { book = try file.load().book }

    /// As ``load()``, and makes file and reference say all of it.
    public func restore() throws {
        try load()
        let (kept, damaged) = try file.load()
        if damaged > 0 {
            try file.replace(with: book)
        } else {
            try file.append(book.lines(missingIn: kept))
        }
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
