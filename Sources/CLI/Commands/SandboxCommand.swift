// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Glibc
import Processes
import Supervisor

/// Runs any command as an agent would run.
struct SandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run a command exactly as an agent would run, to look around inside.",
        discussion: """
            The command starts in the agent's worktree, in the agent's sandbox, with the agent's \
            environment. Its status is passed on. It lasts no longer than until the desk is \
            started the next time.

            EXAMPLES
              loopdesk sandbox researcher -- sh                a shell, in a terminal
              loopdesk sandbox verifier -- ls -la / work       what is there
              loopdesk sandbox researcher -- cat /etc/passwd   what is not
            """
    )

    @OptionGroup var desk: SandboxedDesk

    @Argument(help: "The agent.")
    var agent: String

    @Argument(parsing: .postTerminator, help: "The command, behind --.")
    var command: [String]

    func validate() throws {
        guard !command.isEmpty else {
            throw ValidationError(
                "name a command behind --, such as: loopdesk sandbox \(agent) -- sh"
            )
        }
    }

    func run() throws {
        let opened = try OpenDesk.open(at: try desk.path(), zones: SystemZones().database)
        let name = try AgentArgument.name(agent)
        guard let configuration = opened.configuration.agent(name) else {
            let known = opened.configuration.agents.map(\.name.description)
            throw Failure(
                "there is no agent \(agent); the desk has \(known.joined(separator: ", "))",
                .notFound
            )
        }
        guard opened.folder.worktree(name).contains(".git") else {
            throw Failure(
                "\(agent) has no worktree yet; run loopdesk replay or loopdesk up first",
                .notFound
            )
        }
        let programs = try Programs()
        let clock = SystemClock()
        let launcher = AgentLauncher(
            agentProgram: programs.agent,
            logs: AgentLogSettings(wall: SystemWallClock()),
            confinement: programs.confinement(isUnsafe: false, clock: clock)
        )
        let program = try launcher.launch(
            command,
            as: configuration,
            desk: opened,
            hasTerminal: isatty(0) == 1
        )
        switch try ForegroundProgram.run(program) {
        case .exited(let code): throw ExitCode(code)
        case .signalled(let number): throw ExitCode(128 + number)
        case .running: throw Failure("the command ended without a status", .software)
        }
    }
}

/// The option that names the desk, for a command that prints nothing of its own.
struct SandboxedDesk: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The desk's folder.", valueName: "folder"))
    var desk = "."

    /// The desk's folder as an absolute path without links.
    func path() throws -> String {
        var options = DeskOptions()
        options.desk = desk
        return try options.path()
    }
}
