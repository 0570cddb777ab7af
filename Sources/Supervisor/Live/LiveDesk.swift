// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
public import Git
import Logging
public import Processes

/// Runs a desk in the present, until somebody asks it to stop.
///
/// The turns are those of a ``Replay``, without its rounds: an agent runs as soon as something is
/// due for it, whatever the others are doing. There is one thread and one place that waits. What is
/// needed after a kill is in git, in the journal of publications or in small files of the desk.
public final class LiveDesk {
    let desk: OpenDesk
    let surroundings: Surroundings
    let wall: any WallClock
    let zones: ZoneDatabase
    let events: EventLog
    let metrics: DeskMetrics
    /// When the desk came up.
    let upSince: MonotonicInstant
    let goals: GoalKeeper
    /// What the command of the goal that is being reviewed has come to.
    let verdict: GoalVerdict
    let stops: StopRequests
    let market: any MarketRecorder
    let feed: any LiveFeed
    let gateway: GatewayProcess
    let starter: TurnStarter
    let committer: TurnCommitter
    let blindMail: BlindMail
    /// What is waited for beside the children.
    let wakes: WakeSet
    let spool: TriggerSpool
    /// Rings when a request has arrived.
    let doorbell: Doorbell
    /// Whether a descriptor of ``wakes`` was readable.
    var isRung = true
    /// What the branches looked like when they were where the desk had left them.
    var branchLook: BranchLook?
    /// The names of the requests that wait for a turn here.
    var taken: Set<String> = []
    /// The agents whose goals have to be looked at once their turns are published.
    var unreviewed: Set<AgentName> = []
    /// Commands of goals that run.
    var checks: [GoalCheck] = []
    /// Goals whose judges have been asked, by the numbers of the calls.
    var judgings: [Int: AgentName] = [:]
    /// Called whenever the loop turns, which is at least once between two looks around.
    let pulse: () -> Void
    /// Whether this process has run no desk before this one.
    let isFirstLife: Bool

    var agents: [LiveAgent] = []
    var branches: [AgentName: AgentBranch] = [:]
    /// The commit of `main` that agents work from.
    public var main: ObjectID { mains.good }
    var mains: MainGuard
    var worktrees: WorktreeGuard
    var clock: LiveClock
    var supervision: Supervision
    /// Bars that are known to the feed and not yet to the ingestor, oldest first.
    var bars: [Instant] = []
    /// Bars that are known to the feed and not yet settled at the gateway, oldest first.
    var unsettled: [Instant] = []
    /// The newest bar that was begun; nil before the first.
    var lastBar: Instant?
    /// Whether nothing was published since the repository was tidied.
    var isTidy = false
    /// When to tidy next.
    var tidyAt: MonotonicInstant
    /// When requests that were answered are forgotten again.
    var forgetAt: MonotonicInstant
    /// Whether something was done since memory was given back.
    var hasSpentMemory = true
    /// When memory is given back again; nil before the first time.
    var thriftAt: MonotonicInstant?
    /// When to look at the feed and at `main` again.
    var glanceAt: MonotonicInstant
    var pace = GlancePace()
    /// Whose worktree is looked at next.
    var lookedAt = 0
    /// Where in desk time the gateway last heard its clients, or settled.
    var gatewayPlace: (time: Instant, round: Int)?
    /// When the oldest commit that is not published was made.
    var unpublishedSince: MonotonicInstant?
    /// Since when the disk takes nothing, and when to try again.
    var trouble: StorageTrouble?
    /// Since when the gateway does not stay alive, and when to try again.
    var gatewayTrouble: GatewayTrouble?
    /// What others are told does not work, and what they were told last.
    var health = DeskHealth()
    var toldTroubles: [DeskHealth.Trouble]?
    /// Set once somebody has asked the desk to stop: when what still runs is ended.
    var stopsAt: MonotonicInstant?
    var end = LiveEnd.stopped

    /// Prepares a desk.
    /// - Parameters:
    ///   - desk: The desk as `main` has it; see ``OpenDesk/openCommitted(at:)``.
    ///   - main: What agents worked from until now; counts while there is no branch `main`.
    ///   - market: Keeps the views of history that agents are shown.
    ///   - feed: Tells when bars become known.
    ///   - gateway: The command that starts the gateway, given the number of its client socket.
    ///   - isDurable: Whether a turn is on the disk before anybody hears of it.
    ///   - stops: How a person asks to stop.
    ///   - wall: The time of day.
    ///   - zones: The time zones that `orchestrator.yml` may name.
    ///   - events: Where everything that happens is noted.
    ///   - metrics: What is counted and measured.
    ///   - pulse: Called whenever the loop turns, at least once a second.
    ///   - surroundings: Steady time, programs and a logger.
    /// - Throws: A ``SupervisorError`` with code `notReady`, or an error of the disk.
    public init(
        desk: OpenDesk,
        main: ObjectID? = nil,
        market: any MarketRecorder,
        feed: any LiveFeed,
        gateway: @escaping (Int32) -> ChildCommand,
        isDurable: Bool = true,
        stops: StopRequests,
        wall: any WallClock,
        zones: ZoneDatabase,
        events: EventLog,
        metrics: DeskMetrics,
        pulse: @escaping () -> Void,
        surroundings: Surroundings
    ) throws {
        self.desk = desk
        self.market = market
        self.feed = feed
        self.stops = stops
        self.wall = wall
        self.zones = zones
        self.events = events
        self.metrics = metrics
        upSince = surroundings.clock.now()
        self.pulse = pulse
        isFirstLife = main == nil
        let verdict = GoalVerdict()
        self.verdict = verdict
        goals = GoalKeeper(desk) { _, _, _ in try verdict.take() }
        self.surroundings = surroundings
        self.gateway = GatewayProcess(liveWith: gateway, clock: surroundings.clock)
        starter = TurnStarter(
            desk: desk,
            gateway: self.gateway,
            surroundings: surroundings,
            inspector: TurnInspector(desk),
            isLive: true
        )
        committer = TurnCommitter(desk: desk, isDurable: isDurable)
        blindMail = BlindMail(desk, strategies: surroundings.strategies)
        mains = try MainGuard(desk: desk, last: main)
        worktrees = WorktreeGuard(desk: desk)
        clock = LiveClock(wall: wall, steady: surroundings.clock)
        let now = Moment(wall: wall.now(), steady: surroundings.clock.now())
        supervision = try Supervision(
            agents: desk.configuration.agents.map { SupervisedAgent($0) },
            rules: SupervisionRules(desk.configuration.supervision),
            folder: desk.folder.runtime,
            seed: UInt64(bitPattern: now.wall.nanosecondsSinceEpoch),
            at: now
        )
        glanceAt = surroundings.clock.now()
        tidyAt = surroundings.clock.now()
        forgetAt = surroundings.clock.now()
        wakes = try WakeSet()
        spool = try TriggerSpool(desk.folder)
        doorbell = try Doorbell(folder: spool.waiting.path)
        let calls = surroundings.services.map { [$0.descriptor] } ?? []
        for number in [stops.descriptor, doorbell.descriptor] + calls { try wakes.add(number) }
    }

    /// Runs until somebody asks to stop, or until `main` brings another configuration.
    /// - Parameter ready: Called once, when every agent's process has been started.
    /// - Returns: Why it ended.
    /// - Throws: What keeps the desk from coming up, and what no waiting can cure.
    public func run(ready: () -> Void) throws -> LiveEnd {
        try surroundings.claim?.require()
        let recovery = try prepare()
        defer { windDown() }
        try restore(recovery)
        try startProcesses()
        fireAtStart()
        ready()
        while !isOver {
            try surroundings.claim?.require()
            pulse()
            notice()
            startDue()
            events.flush()
            let happened = try wait()
            // Whoever has put another desk in the place of this one may have done it meanwhile.
            try surroundings.claim?.require()
            try handle(happened)
            finishTurns()
            publishIfDue()
            reviewGoals()
        }
        return end
    }

    private var isOver: Bool {
        guard let stopsAt else { return false }
        let isQuiet = agents.allSatisfy(\.isIdle) && unpublishedSince == nil
        return isQuiet || stopsAt <= surroundings.clock.now()
    }

    /// Begins to stop: nothing new starts, and what runs has until the deadline of a turn.
    func stop(because reason: LiveEnd) {
        guard stopsAt == nil else { return }
        end = reason
        stopsAt = starter.deadline
        endChecks()
    }

    private func handle(_ happened: [(LiveAgent, ChildEvent)]) throws {
        if stopsAt == nil, stops.isRequested() {
            stops.acknowledge()
            stop(because: .stopped)
        }
        for (agent, event) in happened { take(event, of: agent) }
        takeFinishedCalls()
        let now = surroundings.clock.now()
        checkBeats()
        for check in checks where check.deadline <= now {
            let reason = "the command was ended after its check_timeout of \(check.timeout)"
            finish(check, .failure(TurnFailure(reason)))
        }
        for agent in agents {
            guard case .running(_, let deadline) = agent.activity, deadline <= now else { continue }
            take(.timedOut, of: agent)
        }
    }

    /// The longest that a commit waits before everybody can read it.
    static let longestUnpublished: Duration = .milliseconds(250)
    /// How often the desk looks around when nothing happens.
    static let glance: Duration = .seconds(1)
}
