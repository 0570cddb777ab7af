// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import ArgumentParser
import Basics
import Desk
import Endpoints
import Git
import Glibc
import Logging
import Processes
import Supervisor

/// One life of `loopdesk up`: catching up, then the live desk, opened again for each new
/// configuration.
struct LiveSession {
    let path: String
    let interrupts: Interrupts
    /// Whether nothing is said about progress.
    let isQuiet: Bool
    /// Whether turns are on the disk before anybody hears of them.
    let isDurable: Bool
    /// Tells whether the desk at the path is still the one whose lock is held.
    let claim: DeskClaim
    /// Called once the desk is ready for the first time.
    var ready: () -> Void = {}

    private let clock = SystemClock()
    let wall = SystemWallClock()
    let console = Console()

    private let programs: Programs
    private let confinement: Confinement

    init(
        path: String,
        interrupts: Interrupts,
        isQuiet: Bool,
        isUnsafe: Bool,
        isDurable: Bool,
        claim: DeskClaim
    ) throws {
        programs = try Programs()
        confinement = programs.confinement(isUnsafe: isUnsafe, clock: clock)
        self.path = path
        self.interrupts = interrupts
        self.isQuiet = isQuiet
        self.isDurable = isDurable
        self.claim = claim
    }

    /// Runs until somebody asks to stop.
    mutating func run(_ opened: OpenDesk) throws {
        var desk = opened
        let connectors = DeskConnectors()
        defer { connectors.close() }
        try prepare(desk, connectors)
        let service = ServiceLink(clock)
        let doors = EgressDoors(isReplay: false, clock: clock, tools: AgentToolbox(connectors))
        defer { doors.shutDown() }
        let metrics = DeskMetrics()
        let events = openEvents(of: desk)
        let alerts = AlertSender(clock: clock, wall: wall)
        defer { alerts.close() }
        let fetcher = FeedFetcher(clock: clock, wall: wall)
        defer { fetcher.close() }
        let halts = HaltNews(desk.folder, clock: clock)
        var main: ObjectID?
        while true {
            alerts.close()
            fetcher.close()
            let isFirst = main == nil
            let logger = logger(of: desk)
            try open(desk, connectors, isFirst: isFirst)
            try open(desk, alerts, connectors, after: events, logger, isFirst: isFirst)
            try fetcher.open(desk, connectors.pool, logger: logger)
            let services = try services(of: desk, connectors, isFirst: isFirst)
            defer { ServiceMaker.close(services) }
            let live = try LiveDesk(
                desk: desk,
                main: main,
                market: ArchiveRecorder(desk),
                feed: try DeskFeed(desk),
                gateway: try gateway(of: desk, ["--durable", "--live"] + broker(of: desk)),
                isDurable: isDurable,
                stops: StopRequests(interrupts),
                wall: wall,
                zones: SystemZones().database,
                events: events,
                metrics: metrics,
                pulse: {
                    service.pulse()
                    doors.tell(events)
                    halts.tell(events)
                },
                surroundings: try surroundings(of: desk, doors, services)
            )
            let endpoint = try endpoint(of: desk, metrics, isFirst: isFirst)
            defer { endpoint?.stop() }
            let end = try live.run {
                service.isUp(desk.configuration.agents.count)
                becomeReady(live.outOfService, desk, events)
            }
            doors.tell(events)
            events.flush()
            guard end == .reconfigured else { return service.isStopping() }
            service.isReloading()
            main = live.main
            desk = reopened(desk)
        }
    }

    /// What agents may ask for.
    ///
    /// A desk that is up does not go down because a new model has no key.
    private func services(
        of desk: OpenDesk,
        _ connectors: DeskConnectors,
        isFirst: Bool
    ) throws -> AgentServices? {
        try ServiceMaker.make(
            desk,
            source: .live,
            connectors: connectors,
            isDurable: isDurable,
            isStrict: isFirst
        )
    }

    private func openEvents(of desk: OpenDesk) -> EventLog {
        let logs = desk.configuration.logs
        return EventLog(
            desk.folder,
            wall: wall,
            rotateBytes: Int(logs.rotate.bytes),
            keep: logs.keep
        )
    }

    /// Brings a desk to the present.
    private func prepare(_ desk: OpenDesk, _ connectors: DeskConnectors) throws {
        try LedgerReader.requireKept(desk.folder, desk.repository)
        try fetchFirst(desk, connectors)
        // Before anything else is started, so that the complaint is that of the file.
        try GatewaySettings(desk: desk.configuration, folder: desk.folder.root).requireUsable()
        try LedgerReader.requireFit(desk)
        try DroppedHoldings(desk).requireGuarded { console.note($0) }
        try AlertSender.requireSecrets(of: desk)
        try catchUp(desk, connectors)
    }

    /// Fetches what is missing until now, which a desk without any bars cannot do without.
    private func fetchFirst(_ desk: OpenDesk, _ connectors: DeskConnectors) throws {
        guard case .csv(let path) = desk.configuration.market.feed,
            desk.configuration.fetch != nil
        else { return }
        try connectors.open(desk)
        let (pool, now) = (connectors.pool, wall.now())
        do {
            _ = try Waiting.run { try await FeedFetcher.fetch(desk, pool, now: now) }
        } catch {
            guard desk.folder.root.contains(path) else { throw error }
            console.note("bars cannot be fetched, and the desk goes on without: \(error)")
        }
    }

    /// Replays recorded bars up to now, unless the desk has run live already.
    private func catchUp(_ desk: OpenDesk, _ connectors: DeskConnectors) throws {
        let now = wall.now()
        guard try !desk.hasRunLive() else { return }
        let instants = try DeskFeed(desk).instants(after: nil, through: now)
        guard !instants.isEmpty else { return }
        let doors = EgressDoors(isReplay: true, clock: clock)
        defer { doors.shutDown() }
        try connectors.open(desk)
        let services = try ServiceMaker.make(
            desk,
            source: .record,
            connectors: connectors,
            isDurable: false
        )
        defer { ServiceMaker.close(services) }
        let replay = Replay(
            desk: desk,
            instants: instants,
            market: ArchiveRecorder(desk),
            gateway: try gateway(of: desk, broker(of: desk)),
            isDurable: false,
            surroundings: try surroundings(of: desk, doors, services)
        )
        _ = try replay.run { number, time in
            guard !isQuiet else { return }
            console.progress("catching up: \(time.date)  \(number) of \(instants.count)")
        }
        console.endProgress()
    }

    private func becomeReady(
        _ outOfService: [Quarantine],
        _ desk: OpenDesk,
        _ events: EventLog
    ) {
        events.emit(
            .deskUp(
                processID: getpid(),
                agents: desk.configuration.agents.count,
                version: Loopdesk.configuration.version
            )
        )
        if !isQuiet {
            console.note("the desk is up")
            for quarantine in outOfService { console.note("it is degraded: \(quarantine.text)") }
        }
        ready()
    }

    /// The gateway reads what was checked, not what somebody is just editing.
    private func keepConfiguration(of desk: OpenDesk) throws {
        try desk.folder.runtime.create()
        try desk.folder.runtime.replace(
            DeskConfiguration.fileName,
            with: Array(desk.configurationText.utf8),
            durable: true
        )
    }

    private func broker(of desk: OpenDesk) -> [String] {
        desk.configuration.broker == nil ? [] : ["--broker"]
    }

    private func gateway(of desk: OpenDesk, _ words: [String]) throws -> (Int32) -> ChildCommand {
        let file = ".loopdesk/\(DeskConfiguration.fileName)"
        try keepConfiguration(of: desk)
        return programs.gateway(for: desk, words + ["--configuration", file])
    }

    private func logger(of desk: OpenDesk) -> Logger {
        Logger(label: "supervisor") { _ in
            FileLog(folder: desk.folder.logs, name: "supervisor.log")
        }
    }

    private func surroundings(
        of desk: OpenDesk,
        _ doors: EgressDoors,
        _ services: AgentServices?
    ) throws -> Surroundings {
        Surroundings(
            clock: clock,
            wake: interrupts.descriptor,
            launcher: AgentLauncher(
                agentProgram: programs.agent,
                logs: AgentLogSettings(
                    wall: wall,
                    rotateBytes: Int(desk.configuration.logs.rotate.bytes),
                    keep: desk.configuration.logs.keep
                ),
                confinement: confinement,
                egress: doors
            ),
            logger: logger(of: desk),
            services: services,
            strategies: TypedStrategies(desk.configuration),
            claim: claim
        )
    }
}
