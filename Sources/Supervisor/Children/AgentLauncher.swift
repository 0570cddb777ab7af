// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// What is needed to start an agent's process.
public struct AgentLauncher: Sendable {
    /// The program that runs the native roles.
    public let agentProgram: String
    /// The folders in which a `command:` is looked for, and the child's `PATH`.
    public let searchPath: [String]
    /// How what agents say on standard error is kept.
    public let logs: AgentLogSettings

    /// Names the native program, the logs' settings and the search path.
    public init(
        agentProgram: String,
        logs: AgentLogSettings,
        searchPath: [String] = ["/usr/local/bin", "/usr/bin", "/bin"]
    ) {
        self.logs = logs
        self.agentProgram = agentProgram
        self.searchPath = searchPath
    }

    /// The command line of an agent.
    func command(
        for agent: AgentConfiguration,
        desk: DeskFolder,
        gateway: Int32?
    ) -> ChildCommand {
        let own = ChildCommand.Program.path(agentProgram)
        return ChildCommand(
            program: agent.command.first.map { program($0, desk) } ?? own,
            arguments: Array(agent.command.dropFirst()),
            environment: [
                ("PATH", searchPath.joined(separator: ":")), ("LANG", "C.UTF-8"), ("TZ", "UTC"),
            ] + DeskProcesses.marks(of: desk, part: agent.name.description),
            workingFolder: desk.worktree(agent.name).path,
            errorSink: AgentLog(desk, agent.name, logs).take,
            inherited: gateway.map { [.init(source: $0, target: AgentProcess.gatewayDescriptor)] }
                ?? [],
            lineLimitBytes: TurnContract.lineLimitBytes
        )
    }

    /// The command line of a goal's check, which runs where the agent does.
    func check(_ command: [String], of agent: AgentName, desk: DeskFolder) -> ChildCommand {
        ChildCommand(
            program: program(command.first ?? "", desk),
            arguments: Array(command.dropFirst()),
            environment: [
                ("PATH", searchPath.joined(separator: ":")), ("LANG", "C.UTF-8"), ("TZ", "UTC"),
            ] + DeskProcesses.marks(of: desk, part: agent.description),
            workingFolder: desk.worktree(agent).path,
            errorSink: AgentLog(desk, agent, logs).take
        )
    }

    /// Where the first word of a command leads: a path, one in the desk, or a name.
    private func program(_ word: String, _ desk: DeskFolder) -> ChildCommand.Program {
        if word.hasPrefix("/") { return .path(word) }
        if word.contains("/") { return .path(desk.root.path(of: word)) }
        return .named(word, searchPath: searchPath)
    }
}
