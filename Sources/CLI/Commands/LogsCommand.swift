// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Processes
import Supervisor

/// Shows what an agent's process wrote to standard error.
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what an agent's process wrote to standard error.",
        discussion: """
            What an agent did stands in its commits: see loopdesk log. This is what its program \
            said besides, and why it crashed.

            EXAMPLES
              loopdesk logs verifier --desk my-desk       the last lines
              loopdesk logs verifier -f                   and those that come
              loopdesk logs verifier -n 1000 --json       JSON lines, as they are kept
            """
    )

    @OptionGroup var options: DeskOptions

    @Argument(help: "The agent.")
    var agent: String

    @Flag(name: [.customShort("f"), .long], help: "Go on as lines are written.")
    var follow = false

    @Option(
        name: [.customShort("n"), .customLong("lines")],
        help: ArgumentHelp("How many of the last lines to begin with.", valueName: "count")
    )
    var lines = 20

    func validate() throws {
        guard (0...1_000_000).contains(lines) else {
            throw ValidationError("--lines: expected a number from 0 through 1000000")
        }
    }

    func run() throws {
        let folder = DeskFolder(try options.path())
        let name = try AgentArgument.name(agent)
        try explainSilence(of: name, folder)
        let following = try follow ? Following(folder.root, folder.logs) : nil
        let reader = AgentLogReader(folder, name)
        let isJSON = options.json
        var isOpen = true
        var limit: Int? = lines
        repeat {
            try reader.read(last: limit) { line in
                let text = isJSON ? line.compactText : Self.text(line)
                if isOpen { isOpen = Console.send(Array("\(text)\n".utf8), to: 1) }
            }
            limit = nil
        } while try isOpen && following?.awaitChange() == true
    }

    /// Says why there is nothing to show for an agent that never wrote a line.
    private func explainSilence(of name: AgentName, _ folder: DeskFolder) throws {
        let zones = SystemZones().database
        // What is wrong with a desk that cannot be opened is for other commands to tell.
        let opened = try? OpenDesk.openCommitted(at: folder.root.path, zones: zones)
        guard !folder.logs.contains("\(name).jsonl"), let desk = opened else { return }
        guard desk.configuration.agent(name) == nil else {
            return Console().note("\(name) has written nothing to standard error so far")
        }
        let known = desk.configuration.agents.map(\.name.description).joined(separator: ", ")
        throw Failure("the desk has no agent \(name); it has \(known)", .notFound)
    }

    private static func text(_ line: JSON) -> String {
        let time = line["time"]?.stringValue ?? "-"
        if let count = line["dropped"]?.intValue {
            return "\(time) (\(count) lines came too fast and were dropped)"
        }
        let text = line["text"]?.stringValue ?? line["record"]?.compactText ?? line.compactText
        return PlainText.line("\(time) \(text)\(line["cut"] == true ? " …" : "")")
    }
}
