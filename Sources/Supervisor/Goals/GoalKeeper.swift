// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
import Git
public import Processes

/// Watches over the goals of a desk: whether they are met, and whether another turn may be paid.
///
/// Everything is decided from what is published: commits on the agents' branches and the exit
/// status of a command. What a turn costs is set aside, durably, before it starts.
public final class GoalKeeper {
    /// Runs a goal's command in a folder; throws when it cannot be run.
    public typealias Check = (
        _ command: [String], _ folder: Folder, _ timeout: TimeLimit
    ) throws -> ExitStatus

    private let desk: OpenDesk
    private let check: Check?
    private var tallies: [AgentName: SignalTally] = [:]
    /// Agents whose goals' tests hold, and whose judges have not been heard.
    private var unjudged: Set<AgentName> = []

    /// Watches a desk.
    /// - Parameters:
    ///   - desk: The desk.
    ///   - check: Runs commands; nil for somebody who only looks.
    public init(_ desk: OpenDesk, check: Check?) {
        self.desk = desk
        self.check = check
    }

    /// How it stands with an agent's goal, without running or writing anything; nil without one.
    ///
    /// A goal with a command is shown as the last ``review(_:at:)`` left it.
    /// - Throws: A `GitError` when the branch cannot be read.
    public func status(of agent: AgentName, at now: Instant) throws -> GoalStatus? {
        guard let goal = desk.configuration.agent(agent)?.triggers.goal else { return nil }
        var record = load(agent, goal)
        let turns = try GoalHistory(desk, agent).catchUp(&record)
        if case .until(let predicate) = goal.test, !record.isMet, goal.judge == nil {
            record.isMet = try holds(predicate, agent, record)
        }
        return status(goal, record, turns, at: now)
    }

    /// Takes in the turns that were published since, decides whether the goal is met, running its
    /// command if it has one, and keeps the result; nil for an agent without a goal.
    ///
    /// A goal with a judge is met when that has agreed as well: ``takeUnjudged(_:)`` says whether
    /// it has to be asked, and `judged` brings what it said.
    /// It is called once before an agent's first turn and after each turn is published.
    /// - Throws: A `GitError` or a `FileError`; what the command does is in the state.
    public func review(
        _ agent: AgentName,
        at now: Instant,
        judged: Bool? = nil
    ) throws -> GoalStatus? {
        guard let goal = desk.configuration.agent(agent)?.triggers.goal else { return nil }
        let before = load(agent, goal)
        var record = before
        let turns = try GoalHistory(desk, agent).catchUp(&record)
        if !record.isMet {
            if let judged {
                record.isMet = judged
            } else {
                try test(goal, agent, &record)
                if record.isMet, goal.judge != nil {
                    record.isMet = false
                    unjudged.insert(agent)
                }
            }
        }
        if record != before { try save(record, of: agent) }
        return status(goal, record, turns, at: now)
    }

    /// Whether an agent's goal has ended otherwise than was told last.
    func isNews(_ state: GoalState, of agent: AgentName) -> Bool {
        guard let goal = desk.configuration.agent(agent)?.triggers.goal else { return false }
        return state != .active && load(agent, goal).told != state
    }

    /// Keeps what was told of an agent's goal, so that a later life of the desk does not repeat it.
    /// - Throws: A `FileError`.
    func noteTold(_ state: GoalState, of agent: AgentName) throws {
        guard let goal = desk.configuration.agent(agent)?.triggers.goal else { return }
        var record = load(agent, goal)
        let told = state == .active ? nil : state
        guard record.told != told else { return }
        record.told = told
        try save(record, of: agent)
    }

    /// Whether a goal's test held at the last review, so that its judge is to be asked now; once.
    func takeUnjudged(_ agent: AgentName) -> Bool { unjudged.remove(agent) != nil }

    /// Sets aside what the agent's next turn may cost, before it starts.
    ///
    /// What an earlier life of the desk had set aside for a turn that never came is booked first.
    /// - Returns: Whether the turn may start: the goal is `active` and there is enough left.
    /// - Throws: A `FileError` when that cannot be made durable; the turn must not start then.
    public func reserve(_ agent: AgentName, at now: Instant) throws -> Bool {
        guard let goal = desk.configuration.agent(agent)?.triggers.goal else { return false }
        var record = load(agent, goal)
        let history = GoalHistory(desk, agent)
        let turns = try history.catchUp(&record)
        var budget = record.budget(goal.limits)
        budget.forfeit()
        record.take(budget, turn: nil)
        guard status(goal, record, turns, at: now).state == .active, budget.reserve(at: now) else {
            try save(record, of: agent)
            return false
        }
        record.take(budget, turn: try history.newestTurn() + 1)
        try save(record, of: agent)
        return true
    }

    private func status(
        _ goal: GoalConfiguration,
        _ record: GoalRecord,
        _ turns: [GoalState.Turn],
        at now: Instant
    ) -> GoalStatus {
        let budget = record.budget(goal.limits)
        // While a turn runs, the limits have been asked already.
        let limit = budget.reserved == nil ? budget.limit(at: now) : nil
        let (state, reason) = GoalState.decide(
            isMet: record.isMet,
            fault: record.fault,
            turns: turns,
            limit: limit
        )
        return GoalStatus(goal: record.goal, state: state, reason: reason, budget: budget)
    }

    private func test(
        _ goal: GoalConfiguration,
        _ agent: AgentName,
        _ record: inout GoalRecord
    ) throws {
        switch goal.test {
        case .until(let predicate): record.isMet = try holds(predicate, agent, record)
        case .check(let command, let timeout):
            guard let check else { return }
            record.fault = nil
            do {
                let status = try check(command, desk.folder.worktree(agent), timeout)
                switch status {
                case .exited(code: 0): record.isMet = true
                // What a shell and the system say of a program that cannot be started.
                case .exited(code: 126), .exited(code: 127):
                    record.fault = "the command '\(command[0])' cannot be run"
                default: break
                }
            } catch let failure as TurnFailure {
                record.fault = failure.reason
            } catch {
                let fault = "the command cannot be run: \(error)"
                record.fault = TurnContract.sanitised(summary: fault)
            }
        }
    }

    private func holds(
        _ predicate: GoalPredicate,
        _ agent: AgentName,
        _ record: GoalRecord
    ) throws -> Bool {
        let tally = tallies[agent] ?? SignalTally(desk.repository, needs: predicate.needs)
        tallies[agent] = tally
        var facts = try tally.facts(of: desk.configuration.agents.map(\.name))
        facts.turns = record.spent.turns
        return predicate.holds(facts)
    }

    private var folder: Folder { desk.folder.runtime.folder("goals") }

    private func load(_ agent: AgentName, _ goal: GoalConfiguration) -> GoalRecord {
        // A record that is missing or damaged is read from the commits again.
        let bytes = try? folder.read("\(agent).json", limitBytes: 1 << 16)
        // As above.
        let record = try? GoalRecord(json: try JSON(parsing: bytes ?? []))
        guard let record, record.goal == goal.id else { return GoalRecord(goal: goal.id) }
        return record
    }

    private func save(_ record: GoalRecord, of agent: AgentName) throws {
        try folder.create()
        try folder.replace("\(agent).json", with: record.json.prettyBytes, durable: true)
    }
}
