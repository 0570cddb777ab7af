// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Logging
import Processes

/// Turns of a live desk, from a trigger to what came of them.
extension LiveDesk {
    /// Starts every process and every turn that is due.
    func startDue() {
        guard stopsAt == nil else { return }
        guard trouble == nil else { return settleInTrouble() }
        guardingStorage("settle") { try settleBars() }
        guard trouble == nil else { return }
        beginBar()
        let now = surroundings.clock.now()
        for agent in agents where agent.quarantine == nil {
            if let restartAt = agent.restartAt, restartAt <= now { startProcess(of: agent) }
            guard agent.restartAt == nil, trouble == nil, mayStart(agent) else { continue }
            switch agent.activity {
            case .waiting(let plan, let moment) where moment <= now:
                guard isReady(agent) else {
                    let later = surroundings.clock.deadline(in: Self.glance)
                    agent.activity = .waiting(plan, until: later)
                    continue
                }
                begin(plan, of: agent)
            case .resting where agent.isDue && (agent.restAt ?? now) <= now:
                guardingStorage("plan a turn") {
                    guard let plan = try plan(for: agent) else { return }
                    agent.current = plan
                    begin(plan, of: agent)
                }
            default: break
            }
        }
    }

    /// Whether nothing but its own state keeps an agent from a turn.
    private func mayStart(_ agent: LiveAgent) -> Bool {
        if agent.configuration.role.usesGateway {
            if gatewayRests { return false }
            // The gateway hears its clients at one place in desk time.
            let isTaken = agents.contains { other in
                other !== agent && other.configuration.role.usesGateway && !other.isResting
                    && other.quarantine == nil
            }
            if isTaken { return false }
        }
        // What was said about a bar is acted upon once there is none that is newer.
        return bars.isEmpty || agent.configuration.role == .ingestor || !agent.fired.isEmpty
            || !agent.isResting
    }

    /// Fixes the next turn of an agent: number, time, mail; nil when nothing is left to do.
    private func plan(for agent: LiveAgent) throws -> TurnPlan? {
        guard try isInOrder(agent) else { return nil }
        try takeInMain(for: agent)
        guard var branch = branches[agent.name] else { return nil }
        try agent.mailbox.refill { writer, id in
            let commit = try desk.repository.commit(id)
            return try TurnRecord(commit).map {
                try desk.repository.finishedTurn(of: writer, commit, $0)
            }
        }
        try dropGoalUnlessPaid(agent)
        guard agent.isDue else { return nil }
        let delivery = agent.mailbox.collect()
        let isIngestor = agent.configuration.role == .ingestor
        // Each bar is a turn of its own for the ingestor; for others, one turn takes in all.
        let fired = isIngestor ? Array(agent.fired.prefix(1)) : agent.fired
        agent.fired.removeFirst(fired.count)
        let requests = agent.requests
        agent.requests = []
        agent.attempts = TurnAttempts()
        let place = place(of: agent, fired, delivery, last: branch.record)
        let newSkills = branch.skillsAreShown ? [] : try branch.loadSkills(desk.repository)
        branches[agent.name] = branch
        let plan = TurnPlan(
            agent: agent.configuration,
            turn: branch.nextTurn,
            time: place.time,
            round: place.round,
            triggers: fired.isEmpty ? [.mail] : fired.map(\.trigger),
            requests: requests,
            inbox: delivery.inbox,
            frontiers: delivery.frontiers,
            data: market.hash(of: agent.configuration.role.marketView),
            newSkills: newSkills
        )
        return blindMail.blinded(plan, skills: branch.skills)
    }

    /// Where in desk time a turn stands: at the latest of what it follows.
    private func place(
        of agent: LiveAgent,
        _ fired: [FiredTrigger],
        _ delivery: Mailbox.Delivery,
        last: TurnRecord?
    ) -> (time: Instant, round: Int) {
        var before = delivery.letters.map { ($0.time, $0.round) }
        if let last { before.append((last.time, last.round)) }
        if agent.configuration.role.usesGateway, let gatewayPlace { before.append(gatewayPlace) }
        let times = fired.map(\.time) + before.map(\.0)
        let time = times.max() ?? wall.now()
        let round = before.filter { $0.0 == time }.map(\.1).max() ?? 0
        return (time, round + 1)
    }

    private func begin(_ planned: TurnPlan, of agent: LiveAgent) {
        let deadline = starter.deadline(for: agent.configuration)
        let plan = planned.notBefore(agent.configuration.role.usesGateway ? gatewayPlace : nil)
        agent.current = plan
        do {
            if agent.configuration.role.usesGateway { gatewayPlace = (plan.time, plan.round) }
            var begun: RunningTurn?
            func start() throws {
                begun = try starter.begin(plan, on: agent.process, until: deadline)
            }
            if agent.configuration.role.usesGateway {
                _ = try askingGateway(start)
            } else {
                try start()
            }
            guard let turn = begun else { return wait(with: plan, of: agent) }
            noteHome(of: agent)
            worktrees.remember(agent.configuration)
            agent.activity = .running(turn, until: turn.deadline)
            agent.begunAt = surroundings.clock.now()
            if agent.configuration.isStartedEachTurn {
                agent.watch = BeatWatch(every: starter.heartbeat, at: surroundings.clock.now())
            }
            events.emit(
                .turnStarted(
                    agent.name,
                    turn: plan.turn,
                    attempt: agent.attempts.own + agent.attempts.foreign + 1,
                    trigger: plan.triggers.map(\.description).joined(separator: ", ")
                ),
                at: plan.time
            )
        } catch {
            wait(with: plan, of: agent)
            report("could not begin a turn", of: agent, error)
        }
    }

    /// Begins the same turn again later: what failed was not the agent but the gateway or the disk.
    private func wait(with plan: TurnPlan, of agent: LiveAgent) {
        agent.process.kill()
        tellEnd(of: agent, "its turn could not begin")
        let moment = surroundings.clock.deadline(in: Self.glance)
        agent.activity = .waiting(plan, until: moment)
    }

    /// Takes in what an agent's process did.
    func take(_ event: ChildEvent, of agent: LiveAgent) {
        if case .line = event { agent.watch?.beat(at: surroundings.clock.now()) }
        if case .running(var turn, _) = agent.activity {
            let isStarting = agent.process.startRequest != nil
            turn.take(event)
            agent.activity = .running(turn, until: turn.deadline)
            if isStarting, agent.process.startRequest == nil { processIsUp(agent) }
        } else if case .line(_, let line) = event {
            takeIdle(line, of: agent)
        }
        if case .exited(_, let status) = event {
            agent.process.kill()
            processEnded(agent, "the process ended: \(status)")
        }
    }

    /// Hands over what calls of agents have come to.
    func takeFinishedCalls() {
        for finished in surroundings.services?.takeFinished() ?? [] {
            if let name = judgings.removeValue(forKey: finished.ticket) {
                finishJudging(name, finished.record.outcome)
                continue
            }
            for agent in agents {
                guard case .running(var turn, _) = agent.activity, turn.ticket == finished.ticket
                else { continue }
                turn.take(finished.record)
                agent.activity = .running(turn, until: turn.deadline)
            }
        }
    }

    /// An agent that has nothing to do may answer its start, and nothing else.
    private func takeIdle(_ line: [UInt8], of agent: LiveAgent) {
        do {
            let isStarting = agent.process.startRequest != nil
            _ = try agent.process.read(answer: line)
            if isStarting, agent.process.startRequest == nil { processIsUp(agent) }
        } catch {
            agent.process.kill()
            processEnded(agent, "\(error)")
        }
    }

    /// Settles what came of turns, and commits it.
    func finishTurns() {
        for agent in agents {
            guard case .running(let turn, _) = agent.activity, let result = turn.result else {
                continue
            }
            switch result {
            case .success(let outcome):
                note(turn.swept, of: agent.name)
                let whole = outcome.adding(agent.attempts.spending)
                agent.activity = .finishing(turn.plan, whole)
                finishProcess(of: agent)
            case .failure(let failure): settle(failure, turn.plan, of: agent)
            }
        }
        commitFinished()
    }

    /// Puts the worktree back after a failure, and parks the inbox when no attempt is left.
    private func settle(_ failure: TurnFailure, _ plan: TurnPlan, of agent: LiveAgent) {
        let isTaken = isTakenAway(agent)
        agent.attempts.count(failure, isForeign: failure.isForeign || isTaken)
        events.emit(
            .turnFailed(
                agent.name,
                turn: plan.turn,
                attempt: agent.attempts.own + agent.attempts.foreign,
                reason: failure.reason
            ),
            at: plan.time
        )
        if failure.isRefusal {
            let kept = failure.kept?.description ?? ""
            events.emit(
                .outputRefused(agent.name, turn: plan.turn, kept: kept, reason: failure.reason),
                at: plan.time
            )
        }
        metrics.update { $0.countTurn(of: agent.name, "failed") }
        surroundings.logger.warning(
            "turn failed",
            metadata: [
                "agent": "\(agent.name)", "turn": "\(plan.turn)", "reason": "\(failure.reason)",
                "attempt": "\(agent.attempts.own)", "foreign": "\(agent.attempts.foreign)",
            ]
        )
        let isRunning = agent.process.child != nil
        agent.process.kill()
        if agent.configuration.isStartedEachTurn {
            // A program that says that it failed has kept to the contract.
            finishProcess(of: agent)
        } else if isRunning {
            processEnded(agent, failure.reason)
        }
        let supervision = desk.configuration.supervision
        let wait = TurnAttempts.backoff(
            after: agent.attempts.own,
            base: supervision.backoff.milliseconds
        )
        agent.activity = .waiting(
            plan,
            until: surroundings.clock.deadline(in: .milliseconds(wait))
        )
        // One that was taken away is put right before the next attempt.
        if !isTaken { guardingStorage("put a worktree back") { try putBack(agent) } }
        guard agent.attempts.areUsedUp(of: supervision.attempts) else { return }
        surroundings.logger.error(
            "inbox parked as a dead letter",
            metadata: ["agent": "\(agent.name)", "turn": "\(plan.turn)"]
        )
        agent.activity = .finishing(
            plan,
            .parked(reason: agent.attempts.reason, agent.attempts.tape, agent.attempts.spending)
        )
    }
}
