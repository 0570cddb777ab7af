// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Glibc
import Logging
import Processes
import TestSupport

@testable import Supervisor

/// A scratch desk under examination, on a computer of the test's choice.
struct ExaminationBench {
    let bench: Bench
    var facts = ExaminationBench.goodFacts

    static let goodFacts = SystemFacts(
        now: Bench.days[7],
        space: FileSystemSpace(freeBytes: 50 << 30, freeFiles: 1_000_000),
        kernel: KernelFeatures(landlockVersion: 4, watcherLimit: 128),
        versions: .init(loopdesk: "0.1.0", git: "2.39.5", libgit2: "1.5.1", sqlite: "3.40.1")
    )

    /// A desk that has run for three days.
    static func make() async throws -> ExaminationBench {
        let bench = try await Bench.make()
        try bench.run(through: 3)
        return ExaminationBench(bench: bench)
    }

    var folder: DeskFolder { DeskFolder(bench.desk.path) }
    var gitFolder: Folder { bench.desk.folder(".git") }

    func report() -> ExaminationReport {
        let facts = facts
        return Examination(of: bench.desk.path, facts: { facts }).run()
    }

    func codes() -> [FindingCode] { report().findings.map(\.code) }

    func fix() throws -> RepairReport {
        let facts = facts
        return try DeskRepair(
            of: bench.desk.path,
            zones: .none,
            wall: StillClock(time: facts.now),
            clock: SystemClock(),
            logger: Logger(label: "test") { _ in EventLog() }
        )
        .run(for: report().findings)
    }

    /// Writes a file of the desk's own and makes its folder.
    func write(_ name: String, _ text: String, below path: String) throws {
        try bench.desk.folder(path).create()
        try bench.desk.folder(path).replace(name, with: Array(text.utf8))
    }

    /// Writes a lock file; one of ours carries the desk's mark.
    func lock(_ name: String, _ text: String = "", isOurs: Bool) throws {
        try gitFolder.replace(name, with: Array(text.utf8))
        guard chmod(gitFolder.path(of: name), isOurs ? 0o1644 : 0o644) == 0 else {
            throw SupportError("cannot mark \(name)")
        }
    }
}

/// A time of day that stands still.
struct StillClock: WallClock {
    let time: Instant

    func now() -> Instant { time }
}
