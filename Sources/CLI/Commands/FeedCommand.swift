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
            let connectors = DeskConnectors()
            try connectors.open(desk)
            defer { connectors.close() }
            let (pool, now) = (connectors.pool, SystemWallClock().now())
            let outcome = try Waiting.run { try await FeedFetcher.fetch(desk, pool, now: now) }
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
