// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Supervisor

/// Tells what agents did, newest first.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Tell what the agents did, newest first.",
        discussion: """
            Every line is a commit on an agent's branch; git log tells the same story.

            EXAMPLES
              loopdesk log --desk my-desk                 the last turns of all agents
              loopdesk log verifier --limit 50            the last 50 of one
              loopdesk log executor --all-turns           also the turns that said nothing
            """
    )

    @OptionGroup var options: DeskOptions

    @Argument(help: "Only this agent.")
    var agent: String?

    @Option(name: .long, help: "The most lines.")
    var limit = 20

    @Flag(name: .long, help: "Also the turns that said nothing.")
    var allTurns = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit: expected a number above 0") }
    }

    func run() throws {
        let desk = try options.openToRead()
        let console = Console()
        let log = TurnLog(desk)
        let names = try names(desk)
        let entries = try log.entries(of: names, limit: limit, isQuietShown: allTurns)
        guard !options.json else {
            console.say(["turns": .array(entries.map(\.json))])
            return
        }
        let width = entries.map(\.agent.count).max() ?? 0
        for entry in entries {
            let pad = String(repeating: " ", count: width - entry.agent.count)
            console.say(
                "\(entry.commit.prefix(10)) \(entry.record.time.date) \(entry.agent)\(pad)"
                    + "  \(entry.record.summary)"
            )
        }
        guard entries.isEmpty else { return }
        let isQuiet = try !log.entries(of: names, limit: 1, isQuietShown: true).isEmpty
        console.say(
            isQuiet
                ? "No turn has said anything; see the others with --all-turns"
                : "No turns yet; run the desk with: loopdesk replay"
        )
    }

    private func names(_ desk: OpenDesk) throws -> [AgentName] {
        let known = desk.configuration.agents.map(\.name)
        guard let agent else { return known }
        guard let name = known.first(where: { $0.description == agent }) else {
            let list = known.map(\.description).joined(separator: ", ")
            throw Failure("no agent '\(agent)' on this desk; it has \(list)", .notFound)
        }
        return [name]
    }
}

extension TurnLog.Entry {
    fileprivate var json: JSON {
        [
            "commit": .string(commit), "agent": .string(agent),
            "turn": .int(Int64(record.turn)), "time": .string(record.time.description),
            "round": .int(Int64(record.round)), "summary": .string(record.summary),
        ]
    }
}
