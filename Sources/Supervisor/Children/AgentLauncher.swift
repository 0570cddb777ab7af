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
        var program = ChildCommand.Program.path(agentProgram)
        var arguments: [String] = []
        if let first = agent.command.first {
            arguments = Array(agent.command.dropFirst())
            if first.hasPrefix("/") {
                program = .path(first)
            } else if first.contains("/") {
                program = .path(desk.root.path(of: first))
            } else {
                program = .named(first, searchPath: searchPath)
            }
        }
        return ChildCommand(
            program: program,
            arguments: arguments,
            environment: [
                ("PATH", searchPath.joined(separator: ":")), ("LANG", "C.UTF-8"), ("TZ", "UTC"),
                ("LOOPDESK_AGENT", agent.name.description),
            ],
            workingFolder: desk.worktree(agent.name).path,
            errorSink: AgentLog(desk, agent.name, logs).take,
            inherited: gateway.map { [.init(source: $0, target: AgentProcess.gatewayDescriptor)] }
                ?? [],
            lineLimitBytes: TurnContract.lineLimitBytes
        )
    }
}
