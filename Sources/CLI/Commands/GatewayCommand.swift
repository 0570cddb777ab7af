// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import ArgumentParser
import Basics
import Desk
import Gateway
import Git
import Glibc
import Logging
import Processes
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

    @Flag(name: .long, help: "Trade through the broker; without --live, send it nothing.")
    var broker = false

    @Option(name: .long, help: ArgumentHelp("The configuration.", valueName: "file"))
    var configuration = DeskConfiguration.fileName

    func run() throws {
        // Before anything starts a thread, so that every thread leaves the signal to it.
        let signal = try SignalBell.userSignal()
        let folder = DeskFolder(try options.path())
        let text = try folder.root.read(configuration)
        let desk = try DeskConfiguration(
            parsing: String(decoding: text, as: UTF8.self),
            zones: .unchecked
        )
        let logger = Logger(label: "gateway") { _ in
            FileLog(folder: folder.logs, name: "gateway.log")
        }
        try folder.runtime.create()
        let latch = try HaltLatch(in: folder.runtime)
        let service = try service(of: desk, in: folder, latch, logger)
        if live, !LockedMemory.lock() {
            logger.notice("memory is not locked; a busy computer may be slower to halt")
        }
        let alarms = GatewayAlarms(
            doorbell: try Doorbell(folder: latch.folder.path),
            signal: signal,
            clock: SystemClock(),
            needsRisk: live && desk.agents.contains { $0.role == .risk }
        )
        let server = GatewayServer(
            service: service,
            input: 0,
            output: 1,
            door: 3,
            alarms: alarms
        ) { event, role in
            logger.warning("\(event)", metadata: ["role": "\(role?.rawValue ?? "unknown")"])
        }
        try server.run()
    }

    private func service(
        of desk: DeskConfiguration,
        in folder: DeskFolder,
        _ latch: HaltLatch,
        _ logger: Logger
    ) throws -> GatewayService {
        let wall = SystemWallClock()
        // The supervisor has looked at its start; this gateway may be a later life.
        if !LedgerReader.isThere(folder) {
            try LedgerReader.requireKept(folder, try Repository.open(at: folder.root.path))
        }
        let ledger = try Ledger(
            path: folder.ledgerPath,
            capital: Money(desk.account.capital),
            durable: durable
        )
        let settings = GatewaySettings(
            desk: desk,
            folder: folder.root,
            known: try ledger.orderedInstruments()
        )
        return try GatewayService(
            ledger: ledger,
            settings: try settings.service(
                now: live ? { wall.now() } : nil,
                broker: broker ? try BrokerMaker(desk, folder).settings(isLive: live) : nil
            ) { reason in
                logger.error("the gateway goes on", metadata: ["error": "\(reason)"])
            },
            source: FeedPrices(
                feed: live
                    ? try FollowedFeed(desk, in: folder.root) : try desk.loadFeed(in: folder.root)
            ),
            latch: latch,
            processID: Int(getpid())
        )
    }
}
