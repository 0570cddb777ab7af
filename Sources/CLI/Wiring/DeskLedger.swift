// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import Git
import Glibc
import Quant
import Supervisor

/// The count of trials of a desk in which a person tries strategies by commands.
///
/// What is tried by `backtest`, `sweep` and `verify` counts as what agents try does. It counts at
/// every place in desk time, since a person has seen all of the bars.
struct DeskLedger {
    /// How often another process may have been faster before this one gives up.
    private static let mostTries = 20

    let path: String
    private let keeper: TrialKeeper

    /// The desks around the current folder and these files or folders, each once.
    /// - Throws: A ``Failure`` for a desk that cannot count.
    static func around(_ paths: [String]) throws -> [DeskLedger] {
        var found: [String] = []
        for path in ["."] + paths {
            // What is not there is said by whoever reads it.
            guard let resolved = realpath(path, nil) else { continue }
            defer { free(resolved) }
            let desk = try surrounding(String(cString: resolved))
            if let desk, !found.contains(desk) { found.append(desk) }
        }
        return try found.map { path in
            try counting(on: path) { try DeskLedger(path) }
        }
    }

    /// The innermost folder around a path in which a desk was made or started.
    private static func surrounding(_ path: String) throws -> String? {
        var rest = path[...]
        while true {
            let folder = Folder(rest.isEmpty ? "/" : String(rest))
            if folder.contains(DeskConfiguration.fileName), folder.contains(".git") {
                return try counting(on: folder.path) {
                    try Repository.open(at: folder.path).hasDeskSettings() ? folder.path : nil
                }
            }
            guard let slash = rest.lastIndex(of: "/") else { return nil }
            rest = rest[..<slash]
        }
    }

    private static func counting<Result>(
        on path: String,
        _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch {
            let reason = Failure(error)?.message ?? "\(error)"
            throw Failure(
                "cannot count this trial on the desk at \(path): \(reason); ask loopdesk doctor, or"
                    + " work on copies outside of the desk",
                .badData
            )
        }
    }

    private init(_ path: String) throws {
        let desk = try OpenDesk.open(at: path, zones: SystemZones().database)
        self.path = path
        keeper = TrialKeeper(desk, strategies: TypedStrategies(desk.configuration))
        try keeper.load()
    }

    /// Everything that was tried there.
    var book: TrialBook { keeper.book }

    /// Counts what a command is about to try, and says so.
    func count(_ tried: TriedStrategies, by command: String) throws {
        try add([tried.trial(by: command)])
        Console().note(
            "the desk at \(path) counts this: \(book.count) hypotheses were tried on it"
                + " (docs/trials.md)"
        )
    }

    /// Counts a look at sealed data.
    func look(_ tried: TriedStrategies, through: CalendarDate) throws {
        try add(looks: [Look(trial: tried.id, through: through, place: .outside)])
    }

    private func add(_ trials: [Trial] = [], looks: [Look] = []) throws {
        try Self.counting(on: path) {
            var tries = 1
            while true {
                do {
                    return try keeper.add(trials, looks: looks)
                } catch let error as GitError {
                    // Somebody else counts at the same time.
                    guard error.code == .changedMeanwhile || error.code == .locked,
                        tries < Self.mostTries
                    else { throw error }
                    tries += 1
                }
            }
        }
    }
}
