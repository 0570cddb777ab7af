// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import ArgumentParser
import Basics
import Desk
import Gateway
import Logging
import Processes
import Quant
import Supervisor

/// Runs a desk over recorded bars.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run the desk over its recorded bars, bar by bar.",
        discussion: """
            Goes on where the desk's history ends. The same desk and the same data give the same \
            commits, however often the replay is interrupted.

            EXAMPLES
              loopdesk replay --desk my-desk            run, or go on
              loopdesk replay --desk my-desk --fresh    start over; the old branches are kept
              loopdesk replay --desk my-desk --json     one JSON object at the end
              loopdesk replay --desk my-desk --record   ask models where nothing is recorded
            """
    )

    @OptionGroup var options: DeskOptions
    @OptionGroup var sandbox: SandboxOptions

    @Flag(name: .long, help: "Start over. The old branches are saved under refs/rescue/.")
    var fresh = false

    @Option(
        name: .long,
        help: ArgumentHelp("Stop after this day.", valueName: "date"),
        transform: { text in
            guard let date = CalendarDate(text) else {
                throw ValidationError("expected a date such as 2004-12-31")
            }
            return date
        }
    )
    var through: CalendarDate?

    @Flag(name: .long, help: "Flush every round to the disk, as a live desk does.")
    var durable = false

    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Ask models and connectors where the tape has no answer, and record what they say.",
            discussion: "Without it no call is made: a missing answer ends the replay."
        )
    )
    var record = false

    func run() throws {
        let clock = SystemClock()
        let started = clock.now()
        let interrupts = try Interrupts.install()
        let desk = try options.open()
        try desk.requireReady()
        let lock = try DeskLock.take(desk.folder, purpose: "loopdesk replay")
        let logger = Logger(label: "supervisor") { _ in
            FileLog(folder: desk.folder.logs, name: "supervisor.log")
        }
        try DeskProcesses.takeCharge(of: desk.folder, lock, clock: clock, logger: logger)
        try run(desk, lock.claim, interrupts, clock, logger, since: started)
        // Held to here, and released by the system should this process end before.
        _ = consume lock
    }

    private func run(
        _ desk: OpenDesk,
        _ claim: DeskClaim,
        _ interrupts: Interrupts,
        _ clock: SystemClock,
        _ logger: Logger,
        since started: MonotonicInstant
    ) throws {
        let console = Console()
        try requireSound(desk, console)
        // Before it starts over, so that a key which is missing changes nothing.
        let connectors = DeskConnectors()
        defer { connectors.close() }
        if record { try connectors.open(desk) }
        let services = try ServiceMaker.make(
            desk,
            source: record ? .record : .tape,
            connectors: connectors,
            isDurable: durable
        )
        defer { ServiceMaker.close(services) }
        if fresh { try desk.startOver() }
        let programs = try Programs()
        let instants = try instants(of: desk)
        let doors = EgressDoors(isReplay: true, clock: clock)
        defer { doors.shutDown() }
        let replay = Replay(
            desk: desk,
            instants: instants,
            market: ArchiveRecorder(desk),
            gateway: programs.gateway(for: desk, durable ? ["--durable"] : []),
            isDurable: durable,
            surroundings: Surroundings(
                clock: clock,
                wake: interrupts.descriptor,
                launcher: AgentLauncher(
                    agentProgram: programs.agent,
                    logs: AgentLogSettings(wall: SystemWallClock()),
                    confinement: programs.confinement(isUnsafe: sandbox.isUnsafe, clock: clock),
                    egress: doors
                ),
                logger: logger,
                services: services,
                strategies: TypedStrategies(desk.configuration),
                claim: claim
            )
        )
        let end = try replay.run { number, time in
            console.progress("\(time.date)  \(number) of \(instants.count)")
        }
        console.endProgress()
        let wall = started.seconds(until: clock.now())
        let summary = try ReplaySummary(desk: desk, ledger: end.ledger, wallSeconds: wall)
        if options.json {
            console.say(summary.json)
        } else {
            summary.report(to: console, desk: options.desk, after: end)
        }
        try requireReadableLatch(of: desk)
    }

    /// Throws when the account is not one that a replay can go on with, or begin.
    private func requireSound(_ desk: OpenDesk, _ console: Console) throws {
        try GatewaySettings(desk: desk.configuration, folder: desk.folder.root).requireUsable()
        try LedgerReader.requireOnPaper(desk)
        guard !fresh else { return }
        try LedgerReader.requireKept(desk.folder, desk.repository)
        try DroppedHoldings(desk).requireGuarded { console.note($0) }
    }

    /// Throws when the gateway halted because nobody could read what the kill switch says: what was
    /// replayed then is no replay of the desk.
    private func requireReadableLatch(of desk: OpenDesk) throws {
        guard let halt = try HaltLatch.existing(in: desk.folder.runtime)?.standing(),
            halt.source == .damage
        else { return }
        throw Failure(
            "the desk was halted meanwhile: \(halt.reason); look at the disk, lift it by loopdesk"
                + " resume, and start over by loopdesk replay --fresh",
            .inputOutput
        )
    }

    private func instants(of desk: OpenDesk) throws -> [Instant] {
        let range = desk.configuration.replay
        let last = min(through ?? range.upperBound, range.upperBound)
        let feed = try desk.configuration.loadFeed(in: desk.folder.root)
        let instants = feed.instants.filter { range.lowerBound <= $0.date && $0.date <= last }
        guard !instants.isEmpty else {
            throw Failure(
                "the market feed has no bars from \(range.lowerBound) through \(last); change"
                    + " replay in orchestrator.yml or the feed",
                .badData
            )
        }
        return instants
    }
}

extension MonotonicInstant {
    /// The seconds from this moment to a later one.
    fileprivate func seconds(until later: MonotonicInstant) -> Double {
        Double(later.nanoseconds - nanoseconds) / 1e9
    }
}
