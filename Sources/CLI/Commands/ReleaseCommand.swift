// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Supervisor

/// Puts an agent back into service.
struct ReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Put an agent back into service that failed too often.",
        discussion: """
            Agents that went out of service with it come back too. A halt of trading stays.

            EXAMPLES
              loopdesk release researcher --desk my-desk
            """
    )

    @OptionGroup var options: DeskOptions

    @Argument(help: "The agent.")
    var agent: String

    func run() throws {
        let folder = DeskFolder(try options.path())
        guard let name = AgentName(agent) else {
            throw Failure("'\(agent)' is no agent's name; allowed are \(AgentName.form)", .badData)
        }
        let out = try Quarantine.all(of: folder)
        guard let quarantine = out.first(where: { $0.agent == name }) else {
            let others = out.map(\.agent.description).joined(separator: ", ")
            let list = others.isEmpty ? "no agent is out of service" : "out of service: \(others)"
            throw Failure("\(agent) is not out of service; \(list)", .notFound)
        }
        try ReleaseRequests(folder).add(name)
        let holder = try DeskLock.holder(folder)
        let together = out.filter { $0.cause == quarantine.cause }.map(\.agent.description)
        let console = Console()
        guard !options.json else {
            console.say([
                "released": .array(together.map { .string($0) }),
                "running": .bool(holder != nil),
            ])
            return
        }
        let when = holder == nil ? "when the desk starts" : "with the next beat"
        console.say("\(together.joined(separator: ", ")): back in service \(when)")
    }
}
