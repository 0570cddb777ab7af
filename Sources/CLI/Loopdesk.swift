// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The command line: everything a person does with a desk besides git.
@main
struct Loopdesk: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loopdesk",
        abstract: "Run a quantitative trading desk as supervised agent loops in git.",
        discussion: """
            A desk is a git repository with an orchestrator.yml. Agents say things by commits on \
            their own branches, so that git log is the audit trail.

            EXAMPLES
              loopdesk init my-desk                     make a desk with the bundled market
              loopdesk replay --desk my-desk            run it over thirteen years of bars
              loopdesk status --desk my-desk            where it stands
              loopdesk log verifier --desk my-desk      what the verifier did
              loopdesk explain o-1a2b3c4d5e6f           why an order was made
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, ReplayCommand.self, UpCommand.self, DownCommand.self,
            HaltCommand.self, ResumeCommand.self,
            TriggerCommand.self, StatusCommand.self, LogCommand.self, LogsCommand.self,
            EventsCommand.self, ExplainCommand.self, TrialsCommand.self, DoctorCommand.self,
            MaintainCommand.self, RescueCommand.self, RefusedCommand.self, ReleaseCommand.self,
            SandboxCommand.self, ServiceCommand.self, ConnectorsCommand.self, FeedCommand.self,
            ModelsCommand.self,
            MCPCommand.self,
            BacktestCommand.self, SweepCommand.self, VerifyCommand.self, StatsCommand.self,
            EvalCommand.self, InstrumentsCommand.self, GatewayCommand.self,
        ]
    )

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as Failure {
            error.report()
            exit(withError: ExitCode(error.status))
        } catch {
            let failure = Failure(error)
            guard let failure else { exit(withError: error) }
            failure.report()
            exit(withError: ExitCode(failure.status))
        }
    }
}
