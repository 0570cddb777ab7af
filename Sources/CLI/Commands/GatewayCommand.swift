// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import ArgumentParser
import Basics
import Desk
import Gateway
import Logging
import Supervisor
import Trading

/// The gateway's own process, started by the supervisor.
struct GatewayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Serve the order ledger and the paper exchange over standard input and output.",
        shouldDisplay: false
    )

    @OptionGroup var options: DeskOptions

    @Flag(name: .long, help: "Flush every entry of the ledger to the disk.")
    var durable = false

    @Flag(name: .long, help: "Follow a market feed that grows.")
    var live = false

    @Option(name: .long, help: ArgumentHelp("The configuration.", valueName: "file"))
    var configuration = DeskConfiguration.fileName

    func run() throws {
        let folder = DeskFolder(try options.path())
        let text = try folder.root.read(configuration)
        let desk = try DeskConfiguration(
            parsing: String(decoding: text, as: UTF8.self),
            zones: .unchecked
        )
        let capital = Money(desk.account.capital)
        let ledger = try Ledger(path: folder.ledgerPath, capital: capital, durable: durable)
        let service = try GatewayService(
            ledger: ledger,
            configuration: try ExchangeConfiguration(
                capital: capital,
                feeRate: desk.account.feeRate,
                slippageRate: desk.account.slippageRate,
                allowsShortSales: true
            ),
            source: FeedPrices(
                feed: live
                    ? try FollowedFeed(desk, in: folder.root) : try desk.loadFeed(in: folder.root)
            )
        )
        let logger = Logger(label: "gateway") { _ in
            FileLog(folder: folder.logs, name: "gateway.log")
        }
        let server = GatewayServer(service: service, input: 0, output: 1, door: 3) { event, role in
            logger.warning("\(event)", metadata: ["role": "\(role?.rawValue ?? "unknown")"])
        }
        try server.run()
    }
}
