// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Glibc
import Logging
import Processes
import Supervisor

/// The things that are measured, each over the same number of turns.
struct TurnBenchmark {
    let base: Folder
    let clock: SystemClock
    let turns: Int

    // MARK: - The desk

    /// Runs a desk with one native agent and takes the time from instant to instant: one turn each,
    /// or none at all, which is what the clock and the gateway take by themselves.
    ///
    /// Between two instants, outside of what is timed, a peer may take its own measure: what the
    /// disk does to one it then does to both.
    func measureDesk(
        isDurable: Bool,
        hasTurns: Bool = true,
        between: (Int) throws -> Void = { _ in }
    ) throws -> Samples {
        let name = hasTurns ? isDurable ? "durable" : "volatile" : "empty"
        let desk = try makeDesk(
            base.path(of: name),
            trigger: hasTurns ? "every: bar" : "on: [halt]"
        )
        let start = desk.configuration.replay.lowerBound
        let weekdays = (0...).lazy.map { start.adding(days: $0) }
            .filter { (1...5).contains($0.weekday) }
        let instants = weekdays.prefix(turns + 50).map { Instant($0, secondOfDay: 75_600) }
        let replay = Replay(
            desk: desk,
            instants: Array(instants),
            market: NoMarket(),
            gateway: { socket in
                ChildCommand(
                    program: .path(program("loopdesk")),
                    arguments: ["gateway", "--desk", desk.folder.root.path],
                    environment: [],
                    workingFolder: desk.folder.root.path,
                    errorLogPath: desk.folder.logs.path(of: "gateway.log"),
                    inherited: [.init(source: socket, target: 3)]
                )
            },
            isDurable: isDurable,
            surroundings: Surroundings(
                clock: clock,
                wake: nil,
                launcher: AgentLauncher(
                    agentProgram: program("loopdesk-agent"),
                    logs: AgentLogSettings(wall: SystemWallClock()),
                    confinement: .unconfined
                ),
                logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        var samples: [Double] = []
        var begun = clock.now()
        _ = try replay.run { _, _ in
            samples.append(milliseconds(begun, clock.now()))
            try between(samples.count)
            begun = clock.now()
        }
        // The first turns start the process and warm the caches.
        return Samples(samples.dropFirst(50))
    }

    private func makeDesk(_ path: String, trigger: String) throws -> OpenDesk {
        let folder = Folder(path)
        try Folder(folder.path(of: "agents/ingestor")).create()
        try folder.replace("orchestrator.yml", with: Array(Self.configuration(trigger).utf8))
        try folder.replace("agents/ingestor/SKILL.md", with: Array(Self.skill.utf8))
        try folder.replace(
            ".gitignore",
            with: Array("/.loopdesk/\n/worktrees/\n/inbox/\n/outbox/\n/work/\n".utf8)
        )
        let repository = try Repository.create(at: path)
        var batch = ObjectBatch()
        var tree = try TreeEditor(repository, tree: nil)
        for file in ["orchestrator.yml", "agents/ingestor/SKILL.md", ".gitignore"] {
            try tree.set(file, content: try folder.read(file))
        }
        let author = Signature(name: "benchmark", email: "benchmark@loopdesk.invalid", seconds: 0)
        let head = batch.addCommit(
            tree: try tree.write(into: &batch),
            parents: [],
            author: author,
            message: "desk\n"
        )
        try repository.objects.write(batch, isDurable: false)
        try repository.createBranch("main", at: head, by: author)
        try repository.writeMainIndex(of: head)
        return try OpenDesk.open(at: path)
    }

    private static func configuration(_ trigger: String) -> String {
        """
        version: 1
        name: benchmark
        replay: {from: 2000-01-03, through: 2100-01-01}
        market: {feed: {kind: sim, seed: 1}, symbols: [A, B, C, D, E]}
        account: {capital: 1000000}
        agents:
          ingestor: {role: ingestor, \(trigger)}

        """
    }

    private static let skill = """
        ---
        name: ingestor
        description: Takes bars. Use at every bar.
        ---

        """

    // MARK: - The commit alone

    /// Commits one kilobyte to one branch, in folders of at most a hundred files.
    func measurePublication(isDurable: Bool) throws -> Samples {
        let path = base.path(of: isDurable ? "commit-durable" : "commit")
        let repository = try Repository.create(at: path)
        var tree = try TreeEditor(repository, tree: nil)
        var head: ObjectID?
        var samples: [Double] = []
        for turn in 0..<turns {
            let begun = clock.now()
            var batch = ObjectBatch()
            let author = Signature(
                name: "benchmark",
                email: "benchmark@loopdesk.invalid",
                seconds: Int64(turn)
            )
            try tree.set(
                "agents/a/signals/0000/\(turn / 100)/\(turn).json",
                content: payload(turn)
            )
            let commit = batch.addCommit(
                tree: try tree.write(into: &batch),
                parents: head.map { [$0] } ?? [],
                author: author,
                message: "turn \(turn)\n"
            )
            try repository.objects.write(batch, isDurable: isDurable)
            try repository.update(
                reference: "refs/heads/agents/a",
                to: commit,
                expecting: head,
                by: author,
                message: "turn",
                isDurable: isDurable
            )
            head = commit
            samples.append(milliseconds(begun, clock.now()))
            try repository.mergePacksBeside()
        }
        return Samples(samples)
    }

    // MARK: - The git command

    /// Runs a desk and, after each tenth turn, does the same with the git command: writes a file,
    /// `git add`, `git commit`.
    func measureDeskBesideGit(isDurable: Bool) throws -> (desk: Samples, git: Samples) {
        let folder = base.folder(isDurable ? "git-durable" : "git")
        try folder.create()
        try git(["init", "-q", "-b", "main"], in: folder)
        try git(["config", "gc.auto", "0"], in: folder)
        if isDurable { try git(["config", "core.fsync", "all"], in: folder) }
        var samples: [Double] = []
        let desk = try measureDesk(isDurable: isDurable) { turn in
            guard turn.isMultiple(of: 10) else { return }
            let begun = clock.now()
            let inner = folder.folder("signals").folder("\(turn / 1000)")
            try inner.create()
            try inner.replace("\(turn).json", with: payload(turn))
            try git(["add", "-A"], in: folder)
            try git(["commit", "-q", "-m", "turn \(turn)"], in: folder)
            samples.append(milliseconds(begun, clock.now()))
        }
        return (desk, Samples(samples))
    }

    private func git(_ arguments: [String], in folder: Folder) throws {
        let child = try Child.start(
            ChildCommand(
                program: .named("git", searchPath: ["/usr/local/bin", "/usr/bin", "/bin"]),
                arguments: arguments,
                environment: [
                    ("PATH", "/usr/local/bin:/usr/bin:/bin"), ("HOME", folder.path),
                    ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"),
                    ("GIT_AUTHOR_NAME", "b"), ("GIT_AUTHOR_EMAIL", "b@b"),
                    ("GIT_COMMITTER_NAME", "b"), ("GIT_COMMITTER_EMAIL", "b@b"),
                ],
                workingFolder: folder.path,
                errorLogPath: base.path(of: "git.log")
            ),
            clock: clock
        )
        while true {
            let events = try ChildGroup.wait(
                for: [child],
                until: clock.deadline(in: .seconds(60)),
                clock: clock
            )
            for case .exited(_, let status) in events {
                precondition(status == .exited(code: 0), "git \(arguments) ended with \(status)")
                return
            }
        }
    }

    // MARK: - Helpers

    private func payload(_ turn: Int) -> [UInt8] {
        Array("{\"turn\":\(turn)".utf8) + [UInt8](repeating: 0x20, count: 1000) + [0x7D]
    }

    private func milliseconds(_ from: MonotonicInstant, _ to: MonotonicInstant) -> Double {
        Double(to.nanoseconds - from.nanoseconds) / 1e6
    }

    /// A program that was built beside this one.
    private func program(_ name: String) -> String {
        let own = CommandLine.arguments[0]
        let folder = own.split(separator: "/").dropLast().joined(separator: "/")
        let path = own.hasPrefix("/") ? "/\(folder)/\(name)" : "\(folder)/\(name)"
        guard let resolved = realpath(path, nil) else {
            preconditionFailure("build \(name) first: swift build -c release")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// A market that nobody looks at.
private final class NoMarket: MarketRecorder {
    func restart() {}
    func record(_ bars: JSON) {}
    func publish(at time: Instant) {}
    func hash(of view: MarketView) -> ContentHash? { nil }
}
