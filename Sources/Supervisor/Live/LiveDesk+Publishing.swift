// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Logging
import Processes

/// Commits of a live desk: kept in the journal at once, published a moment later.
extension LiveDesk {
    /// Makes commits of what turns have come to, and delivers what they say once it is on the disk.
    func commitFinished() {
        if let trouble, surroundings.clock.now() < trouble.tryAgainAt { return }
        for agent in agents {
            guard case .finishing(let plan, let outcome) = agent.activity else { continue }
            guardingStorage("commit a turn") {
                let turns = try committer.add([(plan, outcome)], branches: &branches)
                guard let turn = turns.first else { return }
                agent.activity = .made(turn)
            }
        }
        let made = agents.compactMap { agent -> (LiveAgent, FinishedTurn)? in
            if case .made(let turn) = agent.activity { (agent, turn) } else { nil }
        }
        guard let newest = made.map(\.1.record.time).max() else { return recover() }
        guardingStorage("keep commits") {
            try committer.keep(at: newest)
            unpublishedSince = unpublishedSince ?? surroundings.clock.now()
            for (agent, turn) in made {
                agent.activity = .resting
                agent.indexIsOld = true
                worktrees.remember(agent.configuration)
                finishRequests(of: agent)
                note(turn, of: agent)
                deliver(turn)
            }
            recovered()
        }
    }

    /// Hands a turn's signals to those who listen.
    private func deliver(_ turn: FinishedTurn) {
        for agent in agents where agent.name != turn.agent { agent.mailbox.post(turn) }
        guardingStorage("count trials") { try blindMail.note(turn) }
        for signal in turn.signals where signal.topic == .bars {
            guardingStorage("record bars") {
                try market.record(signal.body)
                try market.publish(at: turn.record.time)
            }
        }
    }

    private func note(_ turn: FinishedTurn, of agent: LiveAgent) {
        let seconds = agent.begunAt.map { surroundings.clock.now().seconds(since: $0) } ?? 0
        let (number, commit) = (turn.record.turn, turn.commit.description)
        let isParked = agent.attempts.areUsedUp(of: desk.configuration.supervision.attempts)
        metrics.update { snapshot in
            snapshot.commits += 1
            snapshot.countTurn(
                of: agent.name,
                isParked ? "parked" : "committed",
                seconds: isParked ? nil : seconds
            )
        }
        events.emit(
            isParked
                ? .turnParked(
                    agent.name,
                    turn: number,
                    commit: commit,
                    reason: agent.attempts.reason
                )
                : .turnCommitted(
                    agent.name,
                    turn: number,
                    commit: commit,
                    signals: turn.signals.count,
                    seconds: seconds
                ),
            at: turn.record.time
        )
        tellAccount(turn)
        if agent.configuration.triggers.goal != nil { unreviewed.insert(agent.name) }
    }

    /// Tells how the account stands, as far as a turn has said so.
    private func tellAccount(_ turn: FinishedTurn) {
        guard let last = turn.signals.last(where: { $0.topic == .risk || $0.topic == .halt }),
            let equity = last.body["equity"], let drawdown = last.body["drawdown"]?.doubleValue
        else { return }
        events.emit(
            .accountReported(
                turn.agent,
                equity: equity.stringValue ?? equity.compactText,
                drawdown: drawdown
            ),
            at: turn.record.time
        )
    }

    /// Publishes when the oldest commit has waited long enough, or nothing else is to be done.
    func publishIfDue() {
        guard let unpublishedSince, trouble == nil else { return }
        let isOverdue =
            unpublishedSince.advanced(by: Self.longestUnpublished) <= surroundings.clock.now()
        let isBusy = agents.contains { !$0.isResting || ($0.isDue && $0.quarantine == nil) }
        guard isOverdue || !isBusy else { return }
        guardingStorage("publish") { try publish() }
    }

    /// Publishes what waits; afterwards everybody can read it.
    func publish() throws {
        guard unpublishedSince != nil else { return }
        try surroundings.claim?.require()
        let newest = branches.values.compactMap(\.record?.time).max()
        let start = surroundings.clock.now()
        let count = committer.waitingCount
        let reports = try committer.publish(at: newest ?? wall.now(), settling: &branches)
        unpublishedSince = nil
        note(reports)
        let seconds = surroundings.clock.now().seconds(since: start)
        events.emit(.published(commits: count, seconds: seconds))
        metrics.update { $0.publishSeconds.observe(seconds) }
        // An editor reads again what it has let go, so this must not come before.
        for name in branches.keys { branches[name]?.tree.trim() }
        // Somebody may be repacking. What is left is merged another time.
        reporting("merge packs") { try desk.repository.mergePacksBeside() }
        isTidy = false
        hasSpentMemory = true
    }

    /// Tries again what the disk refused.
    private func recover() {
        guard trouble != nil else { return }
        guardingStorage("publish") {
            try publish()
            recovered()
        }
    }

    private func recovered() {
        guard let past = trouble else { return }
        trouble = nil
        events.emit(.deskRecovered(reason: past.reason))
        surroundings.logger.notice("the disk works again", metadata: ["was": "\(past.reason)"])
    }

    /// Does something that needs the disk.
    ///
    /// When that fails the desk starts nothing new until it has worked again, and loses nothing
    /// meanwhile.
    func guardingStorage(_ what: String, _ body: () throws -> Void) {
        do {
            try body()
        } catch let error as SupervisorError where error.code == .displaced {
            // The loop ends by it; another desk's log is not the place to say so.
        } catch {
            let moment = surroundings.clock.deadline(in: Self.glance)
            if trouble == nil {
                events.emit(.deskDegraded(reason: "could not \(what): \(error)"))
                surroundings.logger.error(
                    "the desk waits: could not \(what)",
                    metadata: ["error": "\(error)"]
                )
            }
            noteTrouble(.storage, "could not \(what): \(error)")
            trouble = StorageTrouble(reason: "could not \(what): \(error)", tryAgainAt: moment)
        }
    }
}

extension MonotonicInstant {
    /// The seconds since an earlier moment.
    func seconds(since earlier: MonotonicInstant) -> Double {
        Double(nanoseconds - earlier.nanoseconds) / 1e9
    }
}
