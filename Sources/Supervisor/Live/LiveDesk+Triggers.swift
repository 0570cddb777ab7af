// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Logging
import Processes

/// What makes turns due: schedules, bars, requests of people and programs, and a new `main`.
extension LiveDesk {
    /// Looks at everything that may start a turn.
    func notice() {
        guard stopsAt == nil else { return }
        for fire in clock.fires() {
            // An ingestor's turn is a bar; its other triggers only make the desk look for one.
            guard let agent = agent(fire.agent), agent.configuration.role != .ingestor else {
                continue
            }
            agent.fire(fire.trigger)
        }
        let roles = { self.agent($0)?.configuration.role }
        for missed in clock.takeMissed() where roles(missed.agent) != .ingestor {
            events.emit(
                .triggerMissed(
                    missed.agent,
                    schedule: "\(missed.schedule)",
                    fires: missed.fires,
                    runs: missed.runs
                )
            )
        }
        if isRung, wakes.ready.contains(doorbell.descriptor) { takeRequests() }
        guard glanceAt <= surroundings.clock.now() else { return }
        glanceAt = surroundings.clock.deadline(in: pace.next(isCalm: isCalm))
        takeRequests()
        reporting("look for bars") { try takeBars() }
        reporting("look at main") { try takeMain() }
        guardingStorage("look at branches") { try takeForeignMoves() }
        gateway.endIfStopped()
        lookAround()
        refreshIndexes()
        reporting("count what was tried outside") { try blindMail.trials.takeIn() }
        reporting("tidy") { try tidy() }
        measure()
        giveBackMemory()
        ProcessTree.tidy(clock: surroundings.clock)
        reporting("look for releases") { try takeReleases() }
    }

    /// Fires what runs once at each start of the desk.
    func fireAtStart() {
        for agent in agents where agent.configuration.role != .ingestor {
            guard agent.configuration.triggers.schedules.contains(where: \.isAtStart) else {
                continue
            }
            agent.fire(FiredTrigger(trigger: .start, time: wall.now()))
        }
    }

    func agent(_ name: AgentName) -> LiveAgent? {
        agents.first { $0.name == name }
    }

    /// Asks the feed for bars that the ingestor has not seen.
    private func takeBars() throws {
        guard agents.contains(where: { $0.configuration.triggers.runsEveryBar }) else { return }
        let new = try feed.instants(after: bars.last ?? lastBar, through: wall.now())
        bars += new
        unsettled += new
    }

    /// Settles every bar that is known, whatever has become of the agents: what protects a position
    /// waits for none of them.
    func settleBars() throws {
        while let time = unsettled.first, !gatewayRests {
            guard try askingGateway({ try settle(at: time) }) else { return }
            unsettled.removeFirst()
        }
    }

    /// Settles while the disk refuses commits: the ledger may have room where git has none.
    func settleInTrouble() {
        guard let trouble, trouble.tryAgainAt <= surroundings.clock.now() else { return }
        // When it is refused as well, the desk has said already that it waits for the disk.
        try? settleBars()
    }

    /// Begins with the next bar when it is settled and the one before has been taken in: then
    /// everybody who runs at every bar is due.
    func beginBar() {
        let ingestor = agents.first { $0.configuration.role == .ingestor }
        guard let time = bars.first, unsettled.first.map({ time < $0 }) ?? true,
            ingestor.map({ $0.isResting && !$0.isDue }) ?? true
        else { return }
        bars.removeFirst()
        lastBar = time
        let fired = FiredTrigger(trigger: .schedule(.bar, time), time: time)
        for agent in agents where agent.configuration.triggers.runsEveryBar {
            // Only bars themselves must all be taken in; whoever else missed some runs once.
            if agent.configuration.role != .ingestor { agent.fired.removeAll { $0.isBar } }
            agent.fire(fired)
        }
    }

    /// Takes what people and programs have asked for.
    private func takeRequests() {
        reporting("read requests") {
            doorbell.clear()
            for request in try spool.pending() where !taken.contains(request.name) {
                try take(request)
                taken.insert(request.name)
            }
        }
    }

    private func take(_ request: TriggerRequest) throws {
        guard let agent = agent(request.agent) else {
            surroundings.logger.warning(
                "a request names an agent that the desk does not have",
                metadata: ["agent": "\(request.agent)"]
            )
            return try spool.finish(request, at: wall.now())
        }
        guard agent.configuration.role != .ingestor else {
            glanceAt = surroundings.clock.now()
            return try spool.finish(request, at: wall.now())
        }
        // A turn that was committed right before a power cut has been run.
        guard try !wasRun(request, by: agent.name) else {
            return try spool.finish(request, at: wall.now())
        }
        events.emit(.triggerAccepted(agent.name, kind: request.kind.rawValue, id: request.id))
        agent.requests.append(request)
        agent.fire(FiredTrigger(trigger: request.trigger, time: request.time))
    }

    /// Whether a turn of the agent's names the request.
    private func wasRun(_ request: TriggerRequest, by agent: AgentName) throws -> Bool {
        // Only turns of an earlier process can have been: those of this one have let it go.
        var next = try desk.repository.reference(agent.reference)
        while let id = next {
            let commit = try desk.repository.commit(id)
            next = commit.parents.first
            guard let record = TurnRecord(commit) else { continue }
            if record.triggers.contains(request.trigger) { return true }
            // A turn is dated no earlier than what started it.
            guard record.time >= request.time else { return false }
        }
        return false
    }

    /// Lets go of the requests that a committed turn has answered.
    func finishRequests(of agent: LiveAgent) {
        for request in agent.current?.requests ?? [] {
            taken.remove(request.name)
            reporting("finish a request") { try spool.finish(request, at: wall.now()) }
        }
    }

    /// Looks whether `main` has moved.
    private func takeMain() throws {
        let before = main
        if let report = try mains.look() { note([report]) }
        guard main != before else { return }
        let text = try desk.repository.text(at: DeskConfiguration.fileName, of: main)
        guard text != desk.configurationText else { return }
        do {
            _ = try OpenDesk.openCommitted(at: desk.folder.root.path, zones: zones)
            events.emit(.configuration(commit: main.description, refused: nil))
            stop(because: .reconfigured)
        } catch let error as DeskError {
            events.emit(.configuration(commit: main.description, refused: "\(error)"))
            surroundings.logger.warning(
                "the configuration on main is refused; the desk goes on with the old one",
                metadata: ["error": "\(error)"]
            )
        }
    }

    /// Does something that the desk can do without for a while, and reports when it fails.
    func reporting(_ what: String, _ body: () throws -> Void) {
        do {
            try body()
        } catch let error as SupervisorError where error.code == .displaced {
            // The loop ends by it; another desk's log is not the place to say so.
        } catch {
            surroundings.logger.warning(
                "could not \(what)",
                metadata: ["error": "\(error)"]
            )
        }
    }
}

extension TriggerRequest {
    /// What the trailer of the turn's commit says.
    var trigger: TurnTrigger {
        // An id that cannot stand in a commit is told by its hash.
        let known = TriggerID(id) ?? TriggerID(ContentHash(of: id).description)
        guard let known else { preconditionFailure("a hash is an id") }
        switch kind {
        case .webhook: return .webhook(known)
        case .person: return .person(known)
        }
    }

    /// The request as it is delivered and committed.
    var delivery: JSON {
        let head: [JSON.Member] = [
            JSON.Member("kind", .string(kind.rawValue)), JSON.Member("id", .string(id)),
            JSON.Member("time", .string(time.description)),
        ]
        if let text = json ?? String(validating: payload, as: UTF8.self).map({ .string($0) }) {
            return .object(head + [JSON.Member("payload", text)])
        }
        var letters: [UInt8] = []
        Base64.append(payload, to: &letters)
        let octets = JSON.string(String(decoding: letters, as: UTF8.self))
        return .object(head + [JSON.Member("payload_base64", octets)])
    }
}

extension FiredTrigger {
    var isBar: Bool {
        if case .schedule(.bar, _) = trigger { true } else { false }
    }
}
