// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Desk
import Git
import Logging
public import Processes

/// Moves a desk through recorded time, bar by bar.
///
/// At each instant the gateway settles orders; agents that run every bar run; then agents with mail
/// run, in rounds, until all is quiet; then the clock moves. The result depends on the desk and its
/// data alone: however often it is killed and started again, the commits are the same.
public final class Replay {
    /// The most instants, and the longest time, that commits wait before everybody can read them.
    private static let publicationInterval = (instants: 16, time: Duration.milliseconds(250))

    /// The most rounds that an instant may take before the desk is said to be restless.
    public static let roundLimit = 64

    let desk: OpenDesk
    private let instants: [Instant]
    private let market: any MarketRecorder
    let surroundings: Surroundings
    let gateway: GatewayProcess
    let runner: RoundRunner
    let inspector: TurnInspector
    let committer: TurnCommitter
    /// The instant that runs, or that ran last.
    private var now: Instant?
    private var unpublished = 0
    private var lastPublication: MonotonicInstant
    private var branches: [AgentName: AgentBranch] = [:]
    private var finished: [History.Place: FinishedTurn] = [:]
    private var mailroom: Mailroom
    let blindMail: BlindMail
    var main: ObjectID?

    /// Prepares a replay.
    /// - Parameters:
    ///   - desk: The desk.
    ///   - instants: The times at which bars become known, oldest first.
    ///   - market: Keeps the views of history that agents are shown.
    ///   - gateway: The command that starts the gateway, given the number of its client socket.
    ///   - isDurable: Whether every round is flushed to the disk before the next.
    ///   - surroundings: Time, signals, programs and a logger.
    public init(
        desk: OpenDesk,
        instants: [Instant],
        market: any MarketRecorder,
        gateway: @escaping (Int32) -> ChildCommand,
        isDurable: Bool,
        surroundings: Surroundings
    ) {
        self.desk = desk
        self.instants = instants
        self.market = market
        self.surroundings = surroundings
        self.gateway = GatewayProcess(
            command: gateway,
            clock: surroundings.clock,
            wake: surroundings.wake
        )
        inspector = TurnInspector(desk)
        runner = RoundRunner(
            desk: desk,
            gateway: self.gateway,
            surroundings: surroundings,
            inspector: inspector
        )
        committer = TurnCommitter(desk: desk, isDurable: isDurable)
        lastPublication = surroundings.clock.now()
        mailroom = Mailroom(agents: desk.configuration.agents)
        blindMail = BlindMail(desk, strategies: surroundings.strategies)
    }

    /// Goes on where history ends, to the last instant.
    /// - Parameter progress: Called after each instant with its number, from 1, and its time.
    /// - Returns: The ledger's own summary, and the rescue refs that were made.
    /// - Throws: A ``SupervisorError`` with code `interrupted` when a person asks to stop; what is
    ///   committed stays, and the next run goes on from there.
    public func run(progress: (Int, Instant) throws -> Void) throws -> ReplayEnd {
        try surroundings.claim?.require()
        let (recovery, rescued) = try prepare()
        // Not before: until then a worktree may hold something of somebody's that is not saved yet.
        defer { windDown() }
        let start = try restore(recovery)
        try surroundings.launcher.requireSandboxes(of: desk)
        for (index, time) in instants.enumerated() where start.map({ time >= $0 }) ?? true {
            try run(instant: time, after: index == 0 ? nil : instants[index - 1])
            try progress(index + 1, time)
        }
        try publish()
        try desk.repository.finishMerging()
        blindMail.trials.tell()
        let ledger = try gateway.ask("ledger/summary", ["equityCurve": true])
        return ReplayEnd(ledger: ledger, rescued: rescued, found: recovery.reports)
    }

    /// Takes up history: the branches, the mail that waits, the market as agents knew it.
    private func restore(_ recovery: BranchRecovery) throws -> Instant? {
        guard let main else { return nil }
        let history = try History.load(desk, main: main, moved: Set(recovery.floors.keys))
        branches = history.branches
        for (name, turn) in recovery.floors { branches[name]?.turnFloor = turn }
        committer.expected = recovery.expected
        finished = history.finished
        for branch in branches.values where branch.record != nil {
            mailroom.setHead(of: branch.name, to: branch.head)
        }
        try market.restore(desk, branches: branches)
        try blindMail.restore(branches)
        try requireKnown(history.time)
        return history.time
    }

    /// Checks that history ends at an instant of this replay, or beyond its last.
    private func requireKnown(_ time: Instant?) throws {
        guard let time, let last = instants.last, time <= last else { return }
        guard instants.contains(time) else { throw SupervisorError.noBar(at: time) }
    }

    private func run(instant time: Instant, after previous: Instant?) throws {
        try checkInterrupt()
        now = time
        let settled = try gateway.ask("session/settle", ["time": .string(time.description)])
        try AccountFile(desk.folder).write(settled["account"], branches, isLive: false)
        let newest = try desk.mainHead()
        // What people merged is taken in by what they can read.
        if newest != main { try publish() }
        main = newest
        var round = 1
        while true {
            let due = round == 1 ? scheduledAgents(at: time, after: previous) : mailroom.addressees
            guard round == 1 || !due.isEmpty else { break }
            guard round <= Self.roundLimit else { throw SupervisorError.restless(at: time, due) }
            if !due.isEmpty { try run(round: round, at: time, due) }
            round += 1
        }
        guard finished.isEmpty else {
            throw SupervisorError.misfit(at: time, Array(finished.values))
        }
        try committer.keep(at: time)
        unpublished += 1
        let (most, longest) = Self.publicationInterval
        guard
            unpublished >= most || lastPublication.advanced(by: longest) <= surroundings.clock.now()
        else { return }
        try publish()
    }

    private func publish() throws {
        guard let now else { return }
        try surroundings.claim?.require()
        try committer.publish(at: now)
        unpublished = 0
        lastPublication = surroundings.clock.now()
        // An editor reads again what it has let go, so this must not come before.
        for name in branches.keys { branches[name]?.tree.trim() }
        try desk.repository.mergePacksBeside()
    }

    /// The agents whose schedules fire at an instant.
    private func scheduledAgents(at time: Instant, after previous: Instant?) -> [AgentName] {
        let start = Instant(desk.configuration.replay.lowerBound)
        return desk.configuration.agents.filter { agent in
            !agent.restsInReplay
                && agent.triggers.schedules.contains {
                    $0.isDue(at: time, after: previous, since: start)
                }
        }.map(\.name)
    }

    private func run(round: Int, at time: Instant, _ due: [AgentName]) throws {
        try surroundings.claim?.require()
        var done: [AgentName: FinishedTurn] = [:]
        var plans: [TurnPlan] = []
        // Everybody sees what was there before the round, so all plans are made before any runs.
        for name in due {
            let plan = try plan(name, round: round, at: time)
            if let past = finished.removeValue(forKey: .init(round: round, agent: name)) {
                done[name] = past
                var after = try branch(after: past, of: plan.agent)
                after.turnFloor = branches[name]?.turnFloor ?? 0
                branches[name] = after
                // A kill between two refs can have kept a turn and lost the lesson it proposed.
                try committer.propose(past, plan, after.main)
            } else {
                plans.append(plan)
            }
        }
        if !plans.isEmpty {
            let outcomes = try runner.run(plans) { try publish() }
            let new = try committer.commit(Array(zip(plans, outcomes)), branches: &branches)
            for turn in new { done[turn.agent] = turn }
        }
        for name in due {
            guard let turn = done[name] else { continue }
            mailroom.post(turn.signals, from: name, commit: turn.commit)
            try blindMail.note(turn)
            for signal in turn.signals where signal.topic == .bars {
                try market.record(signal.body)
                try market.publish(at: time)
            }
        }
    }

    private func plan(_ name: AgentName, round: Int, at time: Instant) throws -> TurnPlan {
        guard var branch = branches[name] else {
            throw SupervisorError(.inconsistent, "the agent \(name) has no branch")
        }
        let agent = branch.agent
        let isPast = finished[.init(round: round, agent: name)] != nil
        if !isPast, let main, branch.main != main {
            let overruled = try branch.takeIn(main: main, repository: desk.repository)
            branches[name] = branch
            for report in OwnerReport.overruled(overruled, of: name) {
                surroundings.logger.notice(
                    "\(report.message)",
                    metadata: ["code": "\(report.code.rawValue)"]
                )
            }
        }
        let plan = TurnPlan(
            agent: agent,
            turn: branch.nextTurn,
            time: time,
            round: round,
            triggers: [],
            inbox: mailroom.collect(for: name),
            frontiers: mailroom.frontiers(of: agent),
            data: market.hash(of: agent.role.marketView),
            newSkills: branch.skillsAreShown ? [] : try branch.loadSkills(desk.repository)
        )
        return blindMail.blinded(plan, skills: branch.skills)
    }

    private func branch(after turn: FinishedTurn, of agent: AgentConfiguration) throws
        -> AgentBranch
    {
        let base = try main.flatMap { try desk.repository.mergeBase(turn.commit, $0) }
        return try AgentBranch(
            agent: agent,
            head: turn.commit,
            main: base ?? turn.commit,
            repository: desk.repository
        )
    }

    private func checkInterrupt() throws {
        let now = surroundings.clock.now()
        try surroundings.claim?.require()
        guard try Pause.wait(until: now, clock: surroundings.clock, wake: surroundings.wake) else {
            return
        }
        throw SupervisorError(.interrupted, "stopped by a signal")
    }
}
