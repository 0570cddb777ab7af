// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Logging
import Processes

/// The agents' processes: all are started at once, and replaced as supervision decides.
extension LiveDesk {
    /// Takes up what supervision knows, and starts whoever is in service.
    ///
    /// An agent whose sandbox is not to be had is out of service.
    /// - Throws: A ``SupervisorError`` when that is one that guards money and nothing runs yet.
    func startProcesses() throws {
        let refusals = try surroundings.launcher.refusals(of: desk)
        if isFirstLife, let refusal = refusals.first(where: { $0.agent.role.usesGateway }) {
            throw refusal.error
        }
        let refused = Set(refusals.map(\.agent.name))
        for name in supervision.readmit(except: refused, at: moment) {
            events.emit(.agentReleased(name))
        }
        for quarantine in supervision.state.quarantines {
            agent(quarantine.agent)?.quarantine = quarantine.reason
        }
        for (agent, error) in refusals {
            carryOut(supervision.refused(agent.name, reason: error.message, at: moment))
        }
        if supervision.state.haltsTrading { haltTrading("an agent that guards money is out") }
        for agent in agents where agent.quarantine == nil { startProcess(of: agent) }
    }

    /// Starts an agent's process; it answers when it is ready.
    func startProcess(of agent: LiveAgent) {
        guard isReady(agent) else {
            agent.restartAt = surroundings.clock.deadline(in: Self.glance)
            return
        }
        agent.restartAt = nil
        agent.startedAt = surroundings.clock.now()
        do {
            try starter.start(agent.process, until: starter.deadline)
            noteHome(of: agent)
            // Starting may have made an empty memory.
            worktrees.remember(agent.configuration)
            agent.watch = BeatWatch(every: starter.heartbeat, at: surroundings.clock.now())
        } catch let error as ProcessError where error.code == .resourceLimit {
            report("could not start the process", of: agent, error)
            agent.process.kill()
            carryOut(supervision.startRefused(agent.name, at: moment))
        } catch let error as SupervisorError where error.code == .sandbox {
            carryOut(supervision.refused(agent.name, reason: error.message, at: moment))
        } catch {
            report("could not start the process", of: agent, error)
            agent.process.kill()
            processEnded(agent, "\(error)")
        }
    }

    /// Ends a process that was started for one turn, once that has come to something.
    func finishProcess(of agent: LiveAgent) {
        guard agent.configuration.isStartedEachTurn else { return }
        starter.finish(agent.process)
        tellEnd(of: agent, "its turn is over")
    }

    /// Who is out of service, by name.
    public var outOfService: [Quarantine] {
        supervision.state.quarantines.filter { agent($0.agent) != nil }
    }

    /// Takes note that an agent's process has ended, and does what supervision decides.
    func processEnded(_ agent: LiveAgent, _ reason: String) {
        tellEnd(of: agent, reason)
        guard stopsAt == nil else { return }
        surroundings.logger.warning(
            "process ended",
            metadata: ["agent": "\(agent.name)", "reason": "\(reason)"]
        )
        guard !isTakenAway(agent) else {
            // Whoever did that is to blame, not the agent.
            agent.restartAt = surroundings.clock.deadline(in: .milliseconds(100))
            return
        }
        carryOut(supervision.failed(agent.name, reason: reason, at: moment))
    }

    /// Tells once that an agent's process has ended.
    func tellEnd(of agent: LiveAgent, _ status: String) {
        guard let processID = agent.untoldEnd else { return }
        agent.untoldEnd = nil
        events.emit(.agentEnded(agent.name, processID: processID, status: status))
    }

    /// Looks for agents that people have put back into service.
    func takeReleases() throws {
        supervision.retrySave(at: moment)
        let released = try supervision.takeReleases(ReleaseRequests(desk.folder), at: moment)
        if !released.isEmpty { surroundings.launcher.forgetRefusals() }
        for name in released {
            events.emit(.agentReleased(name))
            agent(name)?.quarantine = nil
            agent(name)?.restartAt = surroundings.clock.now()
        }
    }

    private func carryOut(_ decision: SupervisionDecision) {
        switch decision {
        case .leave: break
        case .restart(let names, let delay):
            let restartAt = surroundings.clock.deadline(in: delay)
            for name in names.reversed() { stopProcess(name) }
            for name in names {
                agent(name)?.restartAt = restartAt
                metrics.update { $0.restarts[name, default: 0] += 1 }
                events.emit(
                    .agentRestarted(
                        name,
                        restarts: supervision.state.restarts(of: name, at: moment.steady),
                        delaySeconds: delay.seconds
                    )
                )
            }
        case .quarantine(let names, let haltsTrading, let reason):
            for name in names.reversed() {
                stopProcess(name)
                agent(name)?.quarantine = reason
                events.emit(.agentQuarantined(name, reason: reason))
                surroundings.logger.critical(
                    "out of service",
                    metadata: ["agent": "\(name)", "reason": "\(reason)"]
                )
            }
            if haltsTrading { haltTrading(reason) }
        }
    }

    /// Ends the process of an agent that is stopped because of another, or for good.
    private func stopProcess(_ name: AgentName) {
        guard let agent = agent(name) else { return }
        agent.process.kill()
        tellEnd(of: agent, "it was stopped by supervision")
        guard case .running(let turn, _) = agent.activity, turn.result == nil else { return }
        // The turn is not to blame; it runs again when the agent does.
        agent.activity = .waiting(turn.plan, until: surroundings.clock.now())
        guardingStorage("put a worktree back") {
            try putBack(agent)
        }
    }

    private func haltTrading(_ reason: String) {
        guardingStorage("halt trading") {
            let text = String(reason.utf8.prefix(200)) ?? "an agent is out of service"
            // The event is that of the kill switch, whoever used it.
            _ = try gateway.ask("halt", ["reason": .string(text)])
            metrics.update { $0.isHalted = true }
        }
    }

    func report(_ what: String, of agent: LiveAgent, _ error: any Error) {
        surroundings.logger.warning(
            "\(what)",
            metadata: ["agent": "\(agent.name)", "error": "\(error)"]
        )
    }

    /// Ends processes that give no sign of life.
    func checkBeats() {
        let now = surroundings.clock.now()
        for agent in agents {
            guard let child = agent.process.child, var watch = agent.watch else { continue }
            // The desk's own roles fall silent when they are stopped inside a sandbox, and start
            // nothing; a program that somebody brings may be stopped while its starter beats.
            let isOwn = agent.configuration.command.isEmpty
            let verdict = watch.check(
                at: now,
                announcesBeats: agent.process.announcesBeats,
                isStopped: { isOwn ? child.isStopped : child.isHeldUp }
            )
            agent.watch = watch
            switch verdict {
            case .alive: supervision.ran(agent.name, at: moment)
            case .dead(let reason):
                if case .running(var turn, _) = agent.activity {
                    turn.fail(TurnFailure(reason, isForeign: true))
                    agent.activity = .running(turn, until: turn.deadline)
                }
                agent.process.kill()
                processEnded(agent, reason)
            }
        }
    }

    /// Takes note that a process has answered its start.
    func processIsUp(_ agent: LiveAgent) {
        supervision.started(agent.name, at: moment)
        guard let startedAt = agent.startedAt, let child = agent.process.child else { return }
        agent.startedAt = nil
        let seconds = surroundings.clock.now().seconds(since: startedAt)
        events.emit(.agentStarted(agent.name, processID: child.processID, seconds: seconds))
    }

    /// The present on both clocks.
    var moment: Moment { Moment(wall: wall.now(), steady: surroundings.clock.now()) }
}

extension Duration {
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

extension SupervisionState {
    /// How many restarts of an agent count at present.
    fileprivate func restarts(of agent: AgentName, at now: MonotonicInstant) -> Int {
        if case .restarted(let used, _) = condition(of: agent, at: now) { used } else { 0 }
    }
}
