// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Processes

/// What a person does with the feed of a desk.
struct FeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed",
        abstract: "Fetch new bars into the file of the desk's feed.",
        discussion: """
            A desk that is up fetches by itself, as often as market.feed.fetch says. Bars that are \
            known stay as they are; what is not complete yet is left for later.

            EXAMPLES
              loopdesk feed fetch --desk my-desk
              loopdesk feed fetch --json
            """,
        subcommands: [Fetch.self]
    )

    /// Fetches once.
    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fetch",
            abstract: "Ask the connector for every symbol, and add what is new.",
            discussion: """
                EXAMPLES
                  loopdesk feed fetch --desk my-desk
                """
        )

        @OptionGroup var options: DeskOptions

        func run() throws {
            let desk = try options.open()
            guard let connector = try FeedFetcher.connector(desk) else {
                throw Failure(
                    "the desk's feed has no fetch: in orchestrator.yml; docs/feeds.md shows one",
                    .badData
                )
            }
            let now = SystemWallClock().now()
            let outcome = try ConnectorsCommand.use(connector) { connector in
                try await FeedFetcher.fetch(desk, connector, now: now)
            }
            let console = Console()
            guard !options.json else {
                let through = outcome.through.map { JSON.string($0.description) } ?? .null
                console.say(["bars": .int(Int64(outcome.bars)), "through": through])
                return
            }
            let end = outcome.through.map { "; the newest is of \($0)" } ?? ""
            console.say(outcome.bars == 0 ? "nothing new\(end)" : "\(outcome.bars) bars\(end)")
        }
    }
}
