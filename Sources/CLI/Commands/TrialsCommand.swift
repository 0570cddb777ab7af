// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import ArgumentParser
import Basics
import Desk
import Supervisor

/// Tells what was tried on a desk.
struct TrialsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trials",
        abstract: "Show what was tried: hypotheses by family, looks at sealed data, the newest.",
        discussion: """
            Counts from branches, rescue refs, reflogs, the ledger and its reference together. \
            docs/trials.md explains it.

            EXAMPLES
              loopdesk trials --desk my-desk
              loopdesk trials --desk my-desk --limit 0 --json
              loopdesk trials --desk my-desk --returns weeks.csv
              loopdesk trials --desk my-desk --add sweep.jsonl   what sweep --ledger has written
            """
    )

    @OptionGroup var options: DeskOptions

    @Option(name: .long, help: ArgumentHelp("List so many of the newest.", valueName: "n"))
    var limit = 10

    @Option(
        name: .long,
        help: ArgumentHelp("Write the weekly returns that verifiers computed.", valueName: "file")
    )
    var returns: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Count what was tried outside of the desk: lines of sweep --ledger.",
            valueName: "file"
        )
    )
    var add: String?

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit cannot be below 0") }
    }

    func run() throws {
        let desk = try options.openToRead()
        let keeper = TrialKeeper(desk, strategies: TypedStrategies(desk.configuration))
        try keeper.load()
        if let add { try keeper.add(try OutsideTrials(NamedFile(add)).trials) }
        if let returns {
            let file = NamedFile(returns)
            try file.folder.replace(file.name, with: Array(try TrialReturns(desk).csv.utf8))
        }
        let console = Console()
        guard !options.json else { return console.say(json(keeper.book)) }
        report(keeper.book, to: console)
    }

    private func families(_ book: TrialBook) -> [(family: String, count: Int)] {
        var counts: [String: Int] = [:]
        for trial in book.trials { counts[trial.family, default: 0] += trial.count }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { ($0.key, $0.value) }
    }

    private func report(_ book: TrialBook, to console: Console) {
        let families = families(book)
        console.say(
            "\(book.count) hypotheses tried in \(families.count) families,"
                + " \(book.looks.count) looks at sealed data\n"
        )
        console.table(families.map { ($0.family, "\($0.count)") })
        let newest = book.trials.suffix(limit).reversed()
        guard !newest.isEmpty else { return }
        console.say("\nNewest:\n")
        console.table(
            newest.map { trial in
                let looks = book.looks.count { $0.trial == trial.id }
                let times = trial.count == 1 ? "" : ", \(trial.count) runs"
                let seen = looks == 0 ? "" : ", \(looks) looks"
                return (
                    trial.id.short,
                    "\(trial.place.time.map { "\($0.date)" } ?? "outside") \(trial.family)"
                        + " by \(trial.origin)\(times)\(seen)"
                )
            }
        )
    }

    private func json(_ book: TrialBook) -> JSON {
        [
            "count": .int(Int64(book.count)),
            "families": .object(
                families(book).map { .init($0.family, .int(Int64($0.count))) }
            ),
            "looks": .array(
                book.looks.map {
                    [
                        "trial": .string($0.trial.description),
                        "through": .string($0.through.description),
                        "time": $0.place.time.map { .string($0.description) } ?? .null,
                    ]
                }
            ),
            "trials": .array(
                book.trials.suffix(limit).reversed().map { trial in
                    [
                        "trial": .string(trial.id.description), "family": .string(trial.family),
                        "count": .int(Int64(trial.count)),
                        "time": trial.place.time.map { .string($0.description) } ?? .null,
                        "origin": .string(trial.origin), "strategy": trial.strategy,
                    ]
                }
            ),
        ]
    }
}
