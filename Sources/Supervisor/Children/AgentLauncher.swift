// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
public import Processes

/// What is needed to start an agent's process.
public struct AgentLauncher: Sendable {
    /// The program that runs the native roles.
    public let agentProgram: String
    /// The folders in which a `command:` is looked for, and the child's `PATH`.
    public let searchPath: [String]
    /// How what agents say on standard error is kept.
    public let logs: AgentLogSettings
    /// Whether they run in sandboxes.
    public let confinement: Confinement
    /// What serves their requests of the network; nil when there is nothing.
    public let egress: (any EgressServer)?

    /// The folders in which programs are looked for.
    public static let usualSearchPath = ["/usr/local/bin", "/usr/bin", "/bin"]

    /// Names the native program, the logs' settings, the sandboxes and the search path.
    public init(
        agentProgram: String,
        logs: AgentLogSettings,
        confinement: Confinement,
        egress: (any EgressServer)? = nil,
        searchPath: [String] = Self.usualSearchPath
    ) {
        self.logs = logs
        self.agentProgram = agentProgram
        self.confinement = confinement
        self.egress = egress
        self.searchPath = searchPath
    }

    /// How an agent is started.
    func launch(
        _ agent: AgentConfiguration,
        desk: OpenDesk,
        gateway: Int32?
    ) throws -> AgentLaunch {
        let isOwn = agent.command.isEmpty || agent.isStartedEachTurn
        let words = isOwn ? [agentProgram] : words(of: agent, desk.folder).words
        var command = plain(words, for: agent, desk.folder)
        try ProgramHome(agent, in: desk.folder)?.prepare()
        command.lineLimitBytes = TurnContract.lineLimitBytes
        command.inherited =
            gateway.map { [.init(source: $0, target: AgentProcess.gatewayDescriptor)] } ?? []
        return try confine(command, agent, desk)
    }

    /// How a command of a person's or a goal's is started, where and as the agent is.
    public func launch(
        _ words: [String],
        as agent: AgentConfiguration,
        desk: OpenDesk,
        hasTerminal: Bool
    ) throws -> ChildCommand {
        try confine(plain(words, for: agent, desk.folder), agent, desk, hasTerminal).command
    }

    /// How the command of a goal's check is started.
    func check(
        _ words: [String],
        of agent: AgentConfiguration,
        desk: OpenDesk
    ) throws -> AgentLaunch {
        try confine(plain(words, for: agent, desk.folder), agent, desk)
    }

    /// Tries the sandbox of every agent, as far as that is not known.
    /// - Throws: A ``SupervisorError`` for the first that is refused.
    func requireSandboxes(of desk: OpenDesk) throws {
        for agent in desk.configuration.agents { _ = try level(of: agent, desk: desk) }
    }

    /// Tries the sandbox of every agent anew where it was refused before.
    /// - Returns: Who is refused, and why.
    func refusals(
        of desk: OpenDesk
    ) throws -> [(agent: AgentConfiguration, error: SupervisorError)] {
        forgetRefusals()
        return try desk.configuration.agents.compactMap { agent in
            do {
                _ = try level(of: agent, desk: desk)
                return nil
            } catch let error as SupervisorError {
                return (agent, error)
            }
        }
    }

    /// Makes the places of an agent's worktree that a sandbox is tied to, if they are missing.
    /// - Returns: Whether anything was missing.
    func completeHome(of agent: AgentConfiguration, desk: OpenDesk) throws -> Bool {
        guard case .sandboxed = confinement else { return false }
        return try AgentHome.complete(agent.name, in: desk.folder)
    }

    /// Forgets which sandboxes were not to be had.
    func forgetRefusals() {
        if case .sandboxed(let keeper) = confinement { keeper.forgetRefusals() }
    }

    /// The level at which an agent runs.
    /// - Throws: A ``SupervisorError`` when its minimum is not to be had.
    public func level(of agent: AgentConfiguration, desk: OpenDesk) throws -> SandboxLevel {
        guard case .sandboxed(let keeper) = confinement else { return .none }
        _ = try AgentHome.complete(agent.name, in: desk.folder)
        try ProgramHome(agent, in: desk.folder)?.create()
        let policy = policy(agent, desk)
        return try keeper.level(
            of: policy,
            try policy.make(),
            for: plain([agentProgram], for: agent, desk.folder)
        )
    }

    /// The command without a sandbox.
    private func plain(
        _ words: [String],
        for agent: AgentConfiguration,
        _ desk: DeskFolder
    ) -> ChildCommand {
        ChildCommand(
            program: program(words.first ?? "", desk),
            arguments: Array(words.dropFirst()),
            environment: [
                ("PATH", searchPath.joined(separator: ":")), ("LANG", "C.UTF-8"), ("TZ", "UTC"),
            ]
                + agent.variables(
                    home: desk.home(agent.name).path,
                    port: Int(ListenerPassage.port)
                )
                + DeskProcesses.marks(of: desk, part: agent.name.description),
            workingFolder: desk.worktree(agent.name).path,
            errorSink: AgentLog(desk, agent.name, logs).take
        )
    }

    private func confine(
        _ command: ChildCommand,
        _ agent: AgentConfiguration,
        _ desk: OpenDesk,
        _ hasTerminal: Bool = false
    ) throws -> AgentLaunch {
        if agent.hasWayOut, egress == nil {
            throw SupervisorError(
                .sandbox,
                "agent \(agent.name) names hosts or tools, and nothing here serves its requests",
                hint: "take hosts, credentials and tools out of its entry in orchestrator.yml"
            )
        }
        guard case .sandboxed(let keeper) = confinement else {
            return AgentLaunch(command: command, level: .none, passage: nil)
        }
        _ = try AgentHome.complete(agent.name, in: desk.folder)
        try ProgramHome(agent, in: desk.folder)?.create()
        let policy = policy(agent, desk)
        let sandbox = try policy.make()
        let level = try keeper.level(of: policy, sandbox, for: command)
        let passage = sandbox.hasListener && level == .full ? try ListenerPassage() : nil
        var command = command
        command.inherited += passage?.inherited.map { [$0] } ?? []
        return AgentLaunch(
            command: try keeper.confine(command, sandbox, at: level, hasTerminal: hasTerminal),
            level: level,
            passage: passage
        )
    }

    private func policy(_ agent: AgentConfiguration, _ desk: OpenDesk) -> AgentSandbox {
        let (words, script) = words(of: agent, desk.folder)
        let named = words.first.flatMap { path(of: $0, desk.folder) }
        let own = agent.command.isEmpty || agent.isStartedEachTurn ? agentProgram : nil
        return AgentSandbox(
            agent: agent,
            desk: desk.folder,
            market: desk.configuration.market,
            others: desk.configuration.agents.map(\.name).filter { $0 != agent.name },
            programs: [own, named, script].compactMap(\.self),
            isThere: { path in FolderIdentity(path) != nil }
        )
    }

    private func words(
        of agent: AgentConfiguration,
        _ desk: DeskFolder
    ) -> (words: [String], script: String?) {
        agent.words(inDesk: desk.root.path) {
            FolderIdentity(desk.root.path(of: $0))?.isFile ?? false
        }
    }

    /// The path that a word stands for; nil for a name that is looked for in the system.
    private func path(of word: String, _ desk: DeskFolder) -> String? {
        guard word.contains("/") else { return nil }
        return word.hasPrefix("/") ? word : desk.root.path(of: word)
    }

    /// Where the first word of a command leads: a path, one in the desk, or a name.
    private func program(_ word: String, _ desk: DeskFolder) -> ChildCommand.Program {
        path(of: word, desk).map { .path($0) } ?? .named(word, searchPath: searchPath)
    }
}
