// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Supervisor

/// Follows a thing that happened back to what it came from.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract:
            "Follow an order or a signal back: verdict, intent, report, proposal, data, skill.",
        discussion: """
            EXAMPLES
              loopdesk explain o-1a2b3c4d5e6f             an order, by its id
              loopdesk explain verdict-1a2b3c4d5e6f       a signal, by its id
            """
    )

    @OptionGroup var options: DeskOptions

    @Argument(help: "The id of an order (o-…) or of a signal (<topic>-…).")
    var id: String

    func run() throws {
        let desk = try options.openToRead()
        let links = try Provenance(desk).trace(id)
        guard !links.isEmpty else {
            throw Failure(
                "nothing on this desk has the id '\(id)'; loopdesk log executor --json and the"
                    + " files under agents/*/signals name ids",
                .notFound
            )
        }
        let console = Console()
        guard !options.json else {
            console.say(["id": .string(id), "chain": .array(links.map(\.json))])
            return
        }
        for link in links {
            console.say("\(link.title)")
            console.table(link.details)
        }
    }
}

extension Provenance.Link {
    fileprivate var title: String { "\(topic) \(id)" }

    fileprivate var details: [(String, String)] {
        var rows = [
            ("commit", "\(commit.prefix(12)) on agents/\(agent), turn \(turn), \(time)"),
            ("said", summary), ("file", path),
        ]
        if let reason = body["reason"]?.stringValue, topic == "verdict" {
            rows.append(("gate", reason))
        }
        if let tried = body["metrics"]?["tried"] {
            let words = ["hypotheses", "effective", "families", "looks"].compactMap { name in
                tried[name]?.intValue.map { "\($0) \(name)" }
            }
            rows.append(("tried", words.joined(separator: ", ")))
        }
        if let trials { rows.append(("trials", trials)) }
        if let data { rows.append(("data", data)) }
        rows += skills.map { ("skill", $0) }
        return rows
    }

    fileprivate var json: JSON {
        [
            "topic": .string(topic), "id": .string(id), "agent": .string(agent),
            "turn": .int(Int64(turn)), "time": .string(time), "commit": .string(commit),
            "summary": .string(summary), "path": .string(path),
            "data": data.map { .string($0) } ?? .null,
            "trials": trials.map { .string($0) } ?? .null,
            "skills": .array(skills.map { .string($0) }),
            "body": body,
        ]
    }
}
