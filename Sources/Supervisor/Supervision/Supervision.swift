// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// Supervision as a live desk uses it: decisions, and the record of them on disk.
///
/// A record that cannot be written does not hold up a decision. What is missing is written with the
/// next change or by ``retrySave(at:)``, and ``unsaved`` says so meanwhile.
struct Supervision {
    /// The state behind the decisions.
    private(set) var state: SupervisionState
    /// What was wrong with the record that was found at the start.
    let notice: String?
    /// Why the newest record is not on the disk; nil when it is.
    private(set) var unsaved: FileError?

    private let file: SupervisionFile
    private var random: SeededRandom

    /// Takes up what an earlier supervisor of the desk left.
    ///
    /// - Throws: A ``SupervisorError`` with code `notReady` when a later version wrote the record,
    ///   and a `FileError` when the disk fails.
    init(
        agents: [SupervisedAgent],
        rules: SupervisionRules,
        folder: Folder,
        seed: UInt64,
        at now: Moment
    ) throws {
        file = SupervisionFile(folder: folder)
        random = SeededRandom(seed: seed)
        state = SupervisionState(agents: agents, rules: rules)
        let loaded = try file.load()
        notice = loaded.notice
        state.resume(loaded.record, at: now)
    }

    /// Takes note of a failure of an agent and decides what to do.
    mutating func failed(
        _ agent: AgentName,
        reason: String,
        at now: Moment
    ) -> SupervisionDecision {
        let decision = state.failed(agent, reason: reason, at: now, random: &random)
        if decision != .leave { save(at: now) }
        return decision
    }

    /// Takes note of a start that failed with the code `resourceLimit`, which no agent is to blame
    /// for: it is tried again, with longer and longer waits, and never ends in quarantine.
    mutating func startRefused(_ agent: AgentName, at now: Moment) -> SupervisionDecision {
        state.startRefused(agent, at: now, random: &random)
    }

    /// Takes an agent out of service because there is no sandbox that it may run in.
    mutating func refused(
        _ agent: AgentName,
        reason: String,
        at now: Moment
    ) -> SupervisionDecision {
        let decision = state.refused(agent, reason: reason, at: now)
        if decision != .leave { save(at: now) }
        return decision
    }

    /// Puts back into service whoever was refused a sandbox and is so no longer.
    /// - Returns: The agents to start, in starting order.
    mutating func readmit(except refused: Set<AgentName>, at now: Moment) -> [AgentName] {
        let readmitted = state.readmit(except: refused)
        if !readmitted.isEmpty { save(at: now) }
        return readmitted
    }

    /// Takes note that an agent's process is up.
    mutating func started(_ agent: AgentName, at now: Moment) {
        state.started(agent, at: now.steady)
    }

    /// Takes note that an agent still runs; to be called with each beat, costs next to nothing.
    mutating func ran(_ agent: AgentName, at now: Moment) {
        if state.ran(agent, at: now.steady) { save(at: now) }
    }

    /// Puts an agent back into service, and those that went out with it.
    /// - Returns: The agents to start, in starting order; none when it was not out of service.
    mutating func release(_ agent: AgentName, at now: Moment) -> [AgentName] {
        let released = state.release(agent)
        if !released.isEmpty { save(at: now) }
        return released
    }

    /// Carries out the releases that people have asked for.
    ///
    /// A request is removed once its effect is on the disk.
    /// - Returns: The agents to start, in starting order.
    /// - Throws: A `FileError` when the requests cannot be listed or removed.
    mutating func takeReleases(
        _ requests: ReleaseRequests,
        at now: Moment
    ) throws(FileError) -> [AgentName] {
        var released: [AgentName] = []
        for agent in try requests.pending() {
            released += release(agent, at: now)
            if unsaved == nil { try requests.remove(agent) }
        }
        return released
    }

    /// Tries again to write a record that could not be written.
    mutating func retrySave(at now: Moment) {
        if unsaved != nil { save(at: now) }
    }

    private mutating func save(at now: Moment) {
        do {
            try file.save(state.record(at: now))
            unsaved = nil
        } catch {
            unsaved = error
        }
    }
}
