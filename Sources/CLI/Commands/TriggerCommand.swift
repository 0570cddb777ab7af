// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Processes
import Supervisor

/// Asks an agent for a turn.
struct TriggerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger",
        abstract: "Ask an agent of a live desk for a turn.",
        discussion: """
            The request is kept on disk until the turn is committed, so it survives a stop of the \
            desk. The same --id counts once.

            EXAMPLES
              loopdesk trigger researcher --desk my-desk
              loopdesk trigger researcher --payload question.json --id monday
            """
    )

    @OptionGroup var options: DeskOptions

    @Argument(help: "The agent.")
    var agent: String

    @Option(name: .long, help: ArgumentHelp("What the agent is given.", valueName: "file"))
    var payload: String?

    @Option(name: .long, help: ArgumentHelp("The name of the request.", valueName: "id"))
    var id: String?

    func run() throws {
        let desk = try OpenDesk.openCommitted(
            at: try options.path(),
            zones: SystemZones().database
        )
        let known = desk.configuration.agents.map(\.name)
        guard let name = known.first(where: { $0.description == agent }) else {
            let names = known.map(\.description).joined(separator: ", ")
            throw Failure("the desk has no agent \(agent); it has \(names)", .notFound)
        }
        let time = SystemWallClock().now()
        let request = TriggerRequest(
            agent: name,
            kind: .person,
            id: id ?? "\(time.nanosecondsSinceEpoch)",
            payload: try payload.map {
                try NamedFile($0).read(limitBytes: TriggerRequest.payloadLimitBytes)
            } ?? [],
            time: time
        )
        guard let request else {
            throw Failure("--id: expected 1 to 256 visible ASCII characters", .badData)
        }
        let outcome = try TriggerSpool(desk.folder).accept(request)
        guard outcome != .full else {
            throw Failure(
                "so many requests for \(name) wait already that this one was not taken; is the"
                    + " desk up? see loopdesk status",
                .unavailable
            )
        }
        try report(request, isNew: outcome == .new, isUp: DeskLock.holder(desk.folder) != nil)
    }

    private func report(_ request: TriggerRequest, isNew: Bool, isUp: Bool) throws {
        let console = Console()
        if options.json {
            console.say([
                "agent": .string(agent), "id": .string(request.id), "new": .bool(isNew),
                "running": .bool(isUp),
            ])
        } else if !isNew {
            console.say("\(agent) was asked for this before")
        } else {
            console.say(
                isUp
                    ? "\(agent) was asked for a turn"
                    : "\(agent) will take a turn when the desk is up"
            )
        }
    }
}
