// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
import Expressions
public import Quant

/// Judges reports and intents by recomputing them on the whole history.
///
/// It takes typed fields only and believes none of the numbers in them.
public struct Verifier: AgentTurn {
    private let market: any MarketAccess
    private let terms: Terms

    /// What a verifier is told once.
    public struct Terms: Sendable {
        /// The sessions out of sample.
        public var window: Int
        /// The days for which a pass is good.
        public var termDays: Int
        /// The years before now that makers cannot see.
        public var sealedYears: Int
        /// What trading costs.
        public var costs: Costs
        /// The starting equity of a backtest.
        public var capital: Double
        /// The sector of each symbol that has one.
        public var sectors: [String: String]
        /// The days on which the central bank announces.
        public var fomc: EventCalendar
        /// The days on which companies publish their earnings.
        public var earnings: EventCalendar

        /// Collects the terms.
        public init(
            window: Int,
            termDays: Int,
            sealedYears: Int,
            costs: Costs,
            capital: Double,
            sectors: [String: String],
            fomc: EventCalendar,
            earnings: EventCalendar
        ) {
            self.window = window
            self.termDays = termDays
            self.sealedYears = sealedYears
            self.costs = costs
            self.capital = capital
            self.sectors = sectors
            self.fomc = fomc
            self.earnings = earnings
        }
    }

    /// Judges over a market by these terms.
    public init(market: any MarketAccess, terms: Terms) {
        self.market = market
        self.terms = terms
    }

    /// Says a `verdict` for each report and each intent.
    public func turn(_ input: TurnInput) throws -> TurnOutput {
        var output = TurnOutput(state: input.state, summary: "")
        var memory = try VerifierMemory(input.state)
        var story: [String] = []
        for signal in input.signals(.fill) { memory.note(fill: signal.body) }
        for signal in input.signals(.trade) { memory.note(trade: signal.body) }
        for signal in input.signals(.report) {
            let verdict = try judge(report: signal, input, &memory)
            output.say(.verdict, verdict.body)
            story.append(verdict.summary)
        }
        for signal in input.signals(.intent) {
            let verdict = try judge(intent: signal, input, &memory)
            output.say(.verdict, verdict.body)
            story.append(verdict.summary)
        }
        memory.forget(before: input.time.date.adding(days: -2 * terms.termDays))
        memory.write(to: &output.state)
        output.summary = story.isEmpty ? "nothing to judge" : story.joined(separator: "; ")
        return output
    }

    // MARK: - Reports

    private func judge(
        report signal: Signal,
        _ input: TurnInput,
        _ memory: inout VerifierMemory
    ) throws -> (body: JSON, summary: String) {
        let fields = try JSONFields(signal.body, path: "report")
        let strategy = try Strategy(try fields.required("strategy"))
        guard strategy.hash == (try fields.hash("strategy_hash")) else {
            throw AgentError("report \(signal.id): the strategy is not the one that its hash names")
        }
        let examination = try StrategyExamination(
            strategy,
            history: try market.history(),
            window: terms.window,
            seal: Instant(input.time.date.adding(years: -terms.sealedYears)),
            costs: terms.costs,
            capital: terms.capital
        )
        memory.looks += 1
        let bindings = Bindings(examination.metrics)
        let judgements = input.rules(for: .report).map { $0.judge(bindings) }
        let passed = !judgements.isEmpty && judgements.allSatisfy(\.holds)
        let until = input.time.date.adding(days: terms.termDays)
        if passed { memory.approve(strategy, until: until) }
        let body: JSON = [
            "kind": "report",
            "subject": .string(signal.id),
            "strategy_hash": .string(strategy.hash.description),
            "family": .string(strategy.family),
            "passed": .bool(passed),
            "approved_until": passed ? .string(until.description) : .null,
            "null": "the mean daily net return is zero",
            "statistic": "annualised Sharpe ratio and Newey-West t of daily net returns",
            "sample": examination.sample,
            "looks": .int(Int64(memory.looks)),
            "metrics": examination.metrics,
            "rules": .array(judgements.map(\.json)),
        ]
        return (body, Self.summary(strategy, examination, judgements, passed))
    }

    private static func summary(
        _ strategy: Strategy,
        _ examination: StrategyExamination,
        _ judgements: [Judgement],
        _ passed: Bool
    ) -> String {
        let value = examination.metrics["sharpe"]?.doubleValue
        let sharpe = value.map { rounded($0, 2) } ?? "undefined"
        let broken = judgements.count { !$0.holds }
        let outcome = passed ? "PASSED" : "failed \(broken) of \(judgements.count) rules"
        return "\(strategy.name) \(outcome), sharpe \(sharpe)"
    }

    // MARK: - Intents

    private func judge(
        intent signal: Signal,
        _ input: TurnInput,
        _ memory: inout VerifierMemory
    ) throws -> (body: JSON, summary: String) {
        let intent = try IntentClaim(signal)
        let facts = try IntentFacts(
            intent,
            memory,
            market: market,
            terms: terms,
            time: input.time
        )
        let judgements = input.rules(for: .intent).map { $0.judge(facts.bindings) }
        let passed = !judgements.isEmpty && judgements.allSatisfy(\.holds) && facts.close != nil
        if passed, intent.isEntry {
            memory.addExposure(signal.id, symbol: intent.symbol, fraction: facts.fraction)
        }
        let broken = judgements.filter { !$0.holds }
        let body: JSON = [
            "kind": "intent",
            "subject": .string(signal.id),
            "action": .string(intent.action),
            "strategy_hash": .string(intent.hash.description),
            "symbol": .string(intent.symbol.description),
            "side": .string(facts.side),
            "size": .double(facts.fraction),
            "close": facts.close.map { .number($0) } ?? .null,
            "stop": facts.strategy?.stop.map { .double($0) } ?? .null,
            "target": facts.strategy?.target.map { .double($0) } ?? .null,
            "hold": facts.strategy?.hold.map { .int(Int64($0)) } ?? .null,
            "passed": .bool(passed),
            "rules": .array(judgements.map(\.json) + (facts.close == nil ? [Self.noClose] : [])),
        ]
        let words = "\(intent.action) \(intent.symbol)"
        let why = broken.first.map { ": \($0.rule.text)" } ?? ""
        return (body, passed ? "\(words) allowed" : "\(words) refused\(why)")
    }

    /// What stands among the rules when no skill's rule needs today's close, as the order does.
    private static let noClose: JSON = [
        "rule": "The symbol has a bar today.", "predicate": "", "line": 0, "holds": false,
        "values": [:], "reason": "there is no close to trade at",
    ]
}
