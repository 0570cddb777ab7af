// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Logging
import Processes

/// Goals of a live desk: looked at after each published turn, by code alone.
extension LiveDesk {
    /// Looks at the goals of agents whose turns have been published.
    ///
    /// A goal with a command waits until that has ended; the desk does not.
    func reviewGoals() {
        guard unpublishedSince == nil, stopsAt == nil, trouble == nil else { return }
        for name in unreviewed.sorted() {
            guard let goal = desk.configuration.agent(name)?.triggers.goal else { continue }
            guard !judgings.values.contains(name) else { continue }
            unreviewed.remove(name)
            switch goal.test {
            case .until: review(name)
            case .check(let command, let timeout): begin(command, timeout, of: name)
            }
        }
    }

    /// Takes note that a goal's command has ended, or could not be run.
    func finish(_ check: GoalCheck, _ result: Result<ExitStatus, any Error>) {
        checks.removeAll { $0 === check }
        // A command that cannot be reaped is stuck in the kernel.
        _ = try? check.child.terminate(steps: [])
        verdict.result = result
        review(check.agent)
    }

    /// Ends the commands that run; they are run again when the desk is up again.
    func endChecks() {
        // As for finish.
        for check in checks { _ = try? check.child.terminate(steps: []) }
        checks = []
    }

    /// Leaves out the goal's trigger when another turn would break its limits.
    func dropGoalUnlessPaid(_ agent: LiveAgent) throws {
        guard agent.fired.contains(where: \.isGoal) else { return }
        guard try !goals.reserve(agent.name, at: wall.now()) else { return }
        agent.fired.removeAll(where: \.isGoal)
        unreviewed.insert(agent.name)
    }

    /// Takes note of what the judge of a goal has said.
    func finishJudging(_ name: AgentName, _ outcome: Result<JSON, RequestFailure>) {
        let opinion = GoalJudge.opinion(outcome)
        surroundings.logger.notice(
            "a goal was judged",
            metadata: [
                "agent": "\(name)", "met": "\(opinion.isMet)", "reason": "\(opinion.reason)",
            ]
        )
        review(name, judged: opinion.isMet)
    }

    /// Asks the judge of a goal whose test holds.
    /// - Returns: Whether it was asked; nobody to ask is a judge that does not agree.
    private func askJudge(of name: AgentName) throws -> Bool {
        guard goals.takeUnjudged(name), let agent = desk.configuration.agent(name),
            let goal = agent.triggers.goal, let judge = goal.judge,
            let services = surroundings.services
        else { return false }
        let question = try GoalJudge(desk: desk, agent: name, goal: goal).conversation()
        judgings[services.ask(judge, question, for: agent)] = name
        return true
    }

    private func review(_ name: AgentName, judged: Bool? = nil) {
        guardingStorage("review a goal") {
            guard let status = try goals.review(name, at: wall.now(), judged: judged),
                try !askJudge(of: name)
            else { return }
            if status.state == .active {
                agent(name)?.fire(FiredTrigger(trigger: .goal(status.goal), time: wall.now()))
            } else if goals.isNews(status.state, of: name) {
                events.emit(
                    .goalEnded(name, outcome: status.state.rawValue, reason: status.reason)
                )
            }
            try goals.noteTold(status.state, of: name)
        }
    }

    private func begin(_ command: [String], _ timeout: TimeLimit, of name: AgentName) {
        guard !checks.contains(where: { $0.agent == name }),
            let agent = desk.configuration.agent(name)
        else { return }
        do {
            let launch = try surroundings.launcher.check(command, of: agent, desk: desk)
            let child = try Child.start(launch.command, clock: surroundings.clock)
            let deadline = surroundings.clock.deadline(in: .milliseconds(timeout.milliseconds))
            let egress = try launch.serve(
                agent,
                by: surroundings.launcher.egress,
                desk: desk.folder,
                clock: surroundings.clock,
                until: deadline
            )
            checks.append(
                GoalCheck(
                    agent: name,
                    child: child,
                    timeout: timeout,
                    deadline: deadline,
                    egress: egress
                )
            )
        } catch {
            verdict.result = .failure(error)
            review(name)
        }
    }
}

/// A goal's command that runs.
final class GoalCheck {
    let agent: AgentName
    let child: Child
    let timeout: TimeLimit
    let deadline: MonotonicInstant
    private let egress: (any AnyObject & Sendable)?

    init(
        agent: AgentName,
        child: Child,
        timeout: TimeLimit,
        deadline: MonotonicInstant,
        egress: (any AnyObject & Sendable)?
    ) {
        self.egress = egress
        self.timeout = timeout
        self.agent = agent
        self.child = child
        self.deadline = deadline
    }
}

/// Hands what a command has come to over to whoever reviews the goal.
final class GoalVerdict {
    var result: Result<ExitStatus, any Error>?

    /// The result, once.
    func take() throws -> ExitStatus {
        defer { result = nil }
        guard let result else { throw TurnFailure("the command has not run") }
        return try result.get()
    }
}

extension FiredTrigger {
    var isGoal: Bool {
        if case .goal = trigger { true } else { false }
    }
}
