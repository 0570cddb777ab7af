// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Processes
import Supervisor

/// Tells what happened on a desk, oldest first.
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Tell what happened on the desk, oldest first.",
        discussion: """
            Every event has a number that is never given twice. A program that follows keeps the \
            last one it has seen and goes on behind it with --after.

            EXAMPLES
              loopdesk events --desk my-desk                       what is kept
              loopdesk events --follow --json                      JSON lines as they happen
              loopdesk events --after 1200 --agent verifier        one agent's, from a number on
            """
    )

    @OptionGroup var options: DeskOptions

    @Flag(name: [.customShort("f"), .long], help: "Go on as events happen, until interrupted.")
    var follow = false

    @Option(
        name: .long,
        help: ArgumentHelp("Begin behind the event of this number.", valueName: "seq")
    )
    var after = 0

    @Option(name: .long, help: "Only this agent's events.")
    var agent: String?

    func validate() throws {
        guard after >= 0 else { throw ValidationError("--after: expected a number from 0") }
    }

    func run() throws {
        let folder = DeskFolder(try options.path())
        let following = try follow ? Following(folder.root, folder.events) : nil
        let reader = EventReader(folder, after: after, agent: try agent.map(AgentArgument.name))
        let isJSON = options.json
        var isOpen = true
        repeat {
            try reader.read { entry in
                let text = isJSON ? entry.json.compactText : Self.line(entry)
                if isOpen { isOpen = Console.send(Array("\(text)\n".utf8), to: 1) }
            }
        } while try isOpen && following?.awaitChange() == true
    }

    /// An event for people: number, time, name, agent, and what else it says.
    private static func line(_ entry: EventReader.Entry) -> String {
        let known = ["seq", "time", "desk_time", "event", "agent"]
        let texts = ["time", "event", "agent"].compactMap { entry.json[$0]?.stringValue }
        let fields = (entry.json.objectValue ?? []).filter { !known.contains($0.name) }
            .map { "\($0.name)=\($0.value.stringValue ?? $0.value.compactText)" }
        return PlainText.line(
            ([String(entry.number)] + texts + fields).joined(separator: " ")
        )
    }
}
