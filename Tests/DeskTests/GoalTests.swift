// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Goals")
struct GoalTests {
    private let now = Instant(secondsSinceEpoch: 1_800_000_000)

    private func goal(_ text: String) throws -> GoalConfiguration {
        let agent = DefaultDesk.replacing("    on: [proposal]", with: "    goal: \(text)")
        let desk = try DeskConfiguration(parsing: agent)
        let name = try #require(AgentName("backtester"))
        return try #require(desk.agent(name)?.triggers.goal)
    }

    @Test("a goal is read with its limits")
    func reading() throws {
        let goal = try goal(
            "{until: 'passed.report >= 3', turns: 50, wall_time: 2h, tokens: 100000, money: 5.00}"
        )

        #expect(goal.test == .until(try GoalPredicate(parsing: "passed.report >= 3")))
        #expect(goal.limits.turns == 50 && goal.limits.wallTime?.description == "2h")
        #expect(goal.limits.tokens == 100_000 && goal.limits.money == Decimal8(5))
        #expect(try self.goal("{until: 'turns > 1'}").limits == GoalLimits(turns: 100))
        let check = try self.goal("{check: [make, test], check_timeout: 1m}")
        #expect(
            check.test
                == .check(command: ["make", "test"], timeout: TimeLimit(milliseconds: 60_000))
        )
    }

    @Test("the name of a goal depends on its test and not on its limits")
    func identity() throws {
        let one = try goal("{until: 'turns > 1'}").id

        #expect(try goal("{until: 'turns > 1', turns: 7}").id == one)
        #expect(try goal("{until: 'turns > 2'}").id != one)
        #expect(try goal("{check: ['turns > 1']}").id != one)
        #expect(try goal("{check: [a, b]}").id != goal("{check: [a b]}").id)
    }

    @Test(
        "each fault of a goal is named",
        arguments: [
            ("{turns: 5}", "goal: expected either 'until' with a condition or 'check'"),
            ("{until: 'turns > 1', check: [make]}", "goal: expected either 'until'"),
            ("{check: []}", "goal.check: empty; expected a command"),
            ("{check: ['']}", "goal.check: found ''; expected a text that is not empty"),
            ("{until: 'turns > 1', turns: 0}", "goal.turns: found '0'; expected a whole number"),
            ("{until: 'turns > 1', tokens: -1}", "goal.tokens: found '-1'"),
            ("{until: 'turns > 1', money: 0}", "goal.money: found '0'; expected an amount above 0"),
            ("{until: 'turns > 1', wall_time: 5}", "goal.wall_time: found '5'; expected a time"),
            ("{until: 'turns > 1', until_when: x}", "goal.until_when: unknown key"),
            ("{until: 'turns >'}", "goal.until: found 'turns >': "),
            ("{until: 'turn > 1'}", "unknown name 'turn'; allowed are turns, count.TOPIC"),
            ("{until: 'count.verdicts > 1'}", "unknown name 'count.verdicts'"),
            ("{until: 'passed.verdict > 1'}", "unknown name 'passed.verdict'"),
            ("{until: 'size(count) > 1'}", "unknown name 'count'"),
            ("{until: 'count.bars'}", "which is int, neither true nor false"),
            ("{until: 'count.bars > \"1\"'}", "goal.until: found"),
            ("5", "goal: found '5'; expected a mapping"),
        ]
    )
    func faults(text: String, message: String) {
        let error = #expect(throws: DeskError.self) { try goal(text) }

        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
        #expect(error?.problems.allSatisfy { $0.line != nil } == true)
    }

    @Test(
        "a condition holds when it is true and in no other case",
        arguments: [
            ("turns >= 2", true), ("turns > 2", false), ("count.verdict == 4", true),
            ("count.bars == 0", true), ("passed.report == 1 && failed.report == 2", true),
            ("passed.intent + failed.intent == 0", true), ("last.report.sharpe > 1.5", true),
            ("recent.report.exists(r, r.sharpe < 1.0)", true), ("size(recent.report) == 2", true),
            ("last.bars.time != ''", false), ("last.report.nothing", false),
            ("last.report.sharpe", false), ("recent.report[0].sharpe > 1.5", false),
        ]
    )
    func predicates(text: String, holds: Bool) throws {
        var facts = GoalFacts()
        facts.turns = 2
        facts.counts = [.verdict: 4, .report: 2]
        facts.passed = ["report": 1]
        facts.failed = ["report": 2]
        facts.recent = [.report: [["sharpe": .double(0.5)], ["sharpe": .double(2)]]]

        #expect(try GoalPredicate(parsing: text).holds(facts) == holds)
    }

    @Test("a condition says what it needs, so that nothing else is looked up")
    func needs() throws {
        let needs = try GoalPredicate(parsing: "count.bars > 1 && last.risk.equity != ''").needs

        #expect(needs.counts == [.bars] && needs.recent == [.risk] && !needs.verdicts)
        #expect(try GoalPredicate(parsing: "passed.report > 0").needs.verdicts)
    }

    /// What came of reserving a turn, which an expectation could not change a budget for.
    private func reserves(_ budget: inout GoalBudget) -> Bool {
        budget.reserve(at: now)
    }

    @Test("a turn is paid for before it starts, and the last one that can be paid is the last")
    func turnBudget() {
        var budget = GoalBudget(GoalLimits(turns: 2))
        var answers = [reserves(&budget), reserves(&budget)]
        let started = budget.started

        budget.settle(GoalSpending(turns: 1))
        answers.append(reserves(&budget))
        budget.settle(GoalSpending(turns: 1))
        answers.append(reserves(&budget))

        #expect(answers == [true, false, true, false] && started == now)
        #expect(budget.limit(at: now) == .turns)
        #expect(budget.reserved == nil && budget.spent.turns == 2)
    }

    @Test("tokens and money are set aside as the dearest turn has cost")
    func modelBudget() {
        let limits = GoalLimits(tokens: 100, money: Decimal8(1))
        let dime = Decimal8(units: 10_000_000)
        var budget = GoalBudget(limits)
        var answers = [reserves(&budget)]
        budget.settle(GoalSpending(turns: 1, tokens: 40, money: dime))
        answers.append(reserves(&budget))
        let reserved = budget.reserved
        budget.settle(GoalSpending(turns: 1, tokens: 30))

        #expect(answers == [true, true])
        #expect(reserved == GoalSpending(turns: 1, tokens: 40, money: dime))
        #expect(budget.limit(at: now) == .tokens)
        #expect(budget.spent == GoalSpending(turns: 2, tokens: 70, money: dime))
        let dear = GoalSpending(turns: 1, tokens: 1, money: Decimal8(units: 60_000_000))
        #expect(GoalBudget(limits, spent: dear, dearest: dear).limit(at: now) == .money)
    }

    @Test("wall time runs from the first turn, pauses included")
    func wallTime() {
        var budget = GoalBudget(GoalLimits(wallTime: TimeLimit(milliseconds: 60_000)))
        let before = budget.limit(at: now)
        let isReserved = reserves(&budget)
        budget.settle(GoalSpending(turns: 1))

        #expect(before == nil && isReserved)
        #expect(budget.limit(at: now.adding(seconds: 59)) == nil)
        #expect(budget.limit(at: now.adding(seconds: 60)) == .wallTime)
    }

    @Test("a turn that is lost has cost what was set aside for it, and runs again as the same turn")
    func forfeit() {
        var budget = GoalBudget(GoalLimits(turns: 2, tokens: 100))
        var answers = [reserves(&budget)]
        budget.settle(GoalSpending(turns: 1, tokens: 30))
        answers.append(reserves(&budget))

        budget.forfeit()

        #expect(budget.spent == GoalSpending(turns: 1, tokens: 60) && budget.reserved == nil)
        answers.append(reserves(&budget))
        #expect(answers == [true, true, true])
    }

    @Test("sums of tokens stop at the largest number")
    func saturation() {
        var sum = GoalSpending(tokens: .max)

        sum += GoalSpending(tokens: 1)

        #expect(sum.tokens == .max)
    }

    private static let good = GoalState.Turn(hasProgress: true, isParked: false)
    private static let idle = GoalState.Turn(hasProgress: false, isParked: false)
    private static let parked = GoalState.Turn(hasProgress: false, isParked: true)

    @Test(
        "the state follows from what is committed, the best news first",
        arguments: [
            (true, "x", [parked], .turns, .met), (false, "x", [good], nil, .failed),
            (false, nil, [parked, good], nil, .failed), (false, nil, [good, parked], nil, .active),
            (false, nil, [idle, idle], .turns, .blocked), (false, nil, [idle], nil, .active),
            (false, nil, [idle, good], nil, .active), (false, nil, [good, idle], nil, .active),
            (false, nil, [good], .tokens, .exhausted), (false, nil, [], nil, .active),
        ] as [(Bool, String?, [GoalState.Turn], GoalBudget.Limit?, GoalState)]
    )
    func states(
        isMet: Bool,
        fault: String?,
        turns: [GoalState.Turn],
        limit: GoalBudget.Limit?,
        expected: GoalState
    ) {
        let (state, reason) = GoalState.decide(
            isMet: isMet,
            fault: fault,
            turns: turns,
            limit: limit
        )

        #expect(state == expected)
        #expect(reason.isEmpty == (state == .met || state == .active))
    }

    @Test("a status is one line for people and one object for programs")
    func status() throws {
        let budget = GoalBudget(
            GoalLimits(turns: 5, wallTime: TimeLimit(milliseconds: 1000), tokens: 9),
            started: now,
            spent: GoalSpending(turns: 2, tokens: 3)
        )
        let status = GoalStatus(
            goal: try #require(TriggerID("ff")),
            state: .blocked,
            reason: "why",
            budget: budget
        )

        #expect(
            status.text == "blocked: why (2 of 5 turns, 3 of 9 tokens, since \(now), at most 1s)"
        )
        #expect(status.json["state"] == "blocked" && status.json["turns"] == 2)
        #expect(status.json["money_limit"] == .null && status.json["wall_time_limit"] == "1s")
    }
}
