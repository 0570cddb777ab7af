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

/// A scratch desk in a real repository, with scripted agents as real processes.
///
/// The agents and the gateway are scripts beside the desk, named by relative paths, so that desks
/// in different folders are equal to the commit.
struct Bench {
    let root: Folder
    /// Most tests are about something else than sandboxes, and their agents read scripts beside
    /// the desk.
    var confinement = Confinement.unconfined
    /// How strategies are read; those of scripts are told apart by their member `on`.
    var strategies: any StrategyReader = ScriptedStrategies()
    /// What agents may ask for in their turns.
    var services: @Sendable (OpenDesk) throws -> AgentServices? = { _ in nil }
    var desk: Folder { root.folder("desk") }
    var scripts: Folder { root.folder("scripts") }
    var git: GitCommand { GitCommand(in: desk.path) }

    /// The daily closes that the desk runs through.
    static let days = (0..<8).compactMap { Instant("2000-03-0\($0 + 1)T21:00:00Z") }

    /// The parts of `orchestrator.yml` that tests change.
    struct Setting {
        var agents: [(name: String, text: String)] = Bench.pipeline
        var timeout = "20s"
        var attempts = 3
        var fileLimit = 4096
        var filesPerTurn = 5
        var heartbeat = "5s"
        /// Further parts of the file.
        var more = ""
    }

    static let pipeline: [(name: String, text: String)] = [
        ("ingestor", "role: ingestor, every: bar"),
        ("researcher", "role: researcher, on: [bars, verdict], skills: [house]"),
        ("backtester", "role: backtester, on: [proposal]"),
    ]

    /// Makes the desk in a folder of its own below the scratch folder.
    static func make(_ name: String = "a", _ setting: Setting = Setting()) async throws -> Bench {
        let bench = Bench(root: Folder("\(try ScratchFolder.path)/\(name)"))
        try bench.root.create()
        try bench.scripts.create()
        try bench.write("scripts", "agent.py", AgentScript.text)
        try bench.write("scripts", "gateway.sh", GatewayScript.plain)
        try bench.desk.create()
        try await bench.git.run("init", "--quiet", "--initial-branch=main")
        for agent in setting.agents {
            try bench.write("desk/agents/\(agent.name)", "SKILL.md", Self.skill(agent.name))
        }
        try bench.write("desk/skills/house", "SKILL.md", Self.skill("house"))
        let ignored = (DeskFolder.ignored + ["/worktrees/"]).joined(separator: "\n") + "\n"
        try bench.write("desk", ".gitignore", ignored)
        try await bench.configure(setting)
        return bench
    }

    /// Writes and commits `orchestrator.yml`.
    func configure(_ setting: Setting) async throws {
        try write("desk", "orchestrator.yml", Self.configuration(setting))
        try await commit("the desk")
    }

    /// Commits everything in the desk's own work tree.
    func commit(_ message: String) async throws {
        try await git.run("add", "--all")
        try await git.run("commit", "--quiet", "-m", message)
    }

    /// Writes a file, making its folder.
    func write(_ folder: String, _ name: String, _ text: String) throws {
        try root.folder(folder).create()
        try root.folder(folder).replace(name, with: Array(text.utf8))
    }

    /// Changes what one agent does by a script that is run before its turns.
    func script(_ agent: String, _ text: String) throws {
        try write("scripts", "\(agent).py", text)
    }

    func open() throws -> OpenDesk { try OpenDesk.open(at: desk.path) }

    /// Runs the desk to a day, as one life of a supervisor.
    @discardableResult
    func run(
        through days: Int,
        log: EventLog = EventLog(),
        market: RecordedMarket = RecordedMarket(),
        isDurable: Bool = false,
        claim: DeskClaim? = nil,
        progress: (Int) -> Void = { _ in }
    ) throws -> ReplayEnd {
        try run(
            Array(Self.days.prefix(days)),
            log: log,
            market: market,
            isDurable: isDurable,
            claim: claim,
            progress: progress
        )
    }

    @discardableResult
    func run(
        _ instants: [Instant],
        log: EventLog = EventLog(),
        market: RecordedMarket = RecordedMarket(),
        isDurable: Bool = false,
        wake: Int32? = nil,
        claim: DeskClaim? = nil,
        progress: (Int) -> Void = { _ in }
    ) throws -> ReplayEnd {
        let desk = try open()
        let replay = Replay(
            desk: desk,
            instants: instants,
            market: market,
            gateway: { gateway($0) },
            isDurable: isDurable,
            surroundings: Surroundings(
                clock: SystemClock(),
                wake: wake,
                launcher: AgentLauncher(
                    agentProgram: "/nonexistent",
                    logs: AgentLogSettings(wall: SystemWallClock()),
                    confinement: confinement,
                    searchPath: Self.searchPath
                ),
                logger: Logger(label: "test") { _ in log },
                services: try services(desk),
                strategies: strategies,
                claim: claim
            )
        )
        return try replay.run { number, _ in progress(number) }
    }

    static let searchPath = ["/usr/bin", "/bin"]

    func gateway(_ socket: Int32) -> ChildCommand {
        let isPython = scripts.contains("gateway.py")
        return ChildCommand(
            program: .named(isPython ? "python3" : "sh", searchPath: Self.searchPath),
            arguments: [scripts.path(of: isPython ? "gateway.py" : "gateway.sh")],
            workingFolder: scripts.path,
            errorLogPath: scripts.path(of: "gateway.log"),
            inherited: [.init(source: socket, target: 3)]
        )
    }

    private static func configuration(_ setting: Setting) -> String {
        let agents = setting.agents.map { agent in
            "  \(agent.name): {\(agent.text),"
                + " command: [python3, -ISs, ../../../scripts/agent.py]}"
        }
        return """
            version: 1
            name: bench
            replay: {from: 2000-03-01, through: 2000-03-08}
            market:
              feed: {kind: sim, seed: 1, edge: 0}
              symbols: [MSFT]
              session_close: "21:00"
            account: {capital: 1000000}
            supervision:
              turn_timeout: \(setting.timeout)
              attempts: \(setting.attempts)
              backoff: 1ms
              heartbeat: \(setting.heartbeat)
              file_limit: \(setting.fileLimit)
              files_per_turn: \(setting.filesPerTurn)
            agents:
            \(agents.joined(separator: "\n"))
            \(setting.more)

            """
    }

    static func skill(_ name: String, more: String = "") -> String {
        """
        ---
        name: \(name)
        description: What \(name) does in a test.
        ---
        # \(name)
        \(more)
        """
    }
}
