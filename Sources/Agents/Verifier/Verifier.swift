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
    let market: any MarketAccess
    let terms: Terms
    let recorder: TrialRecorder
    /// Who is asked about what has passed; nil for nobody.
    let second: (any SecondJudge)?

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

        /// How the gate runs strategies: at the desk's costs and not at those of the strategy.
        var gate: GateTerms {
            var gate = GateTerms()
            gate.costs = costs
            gate.capital = capital
            return gate
        }
    }

    /// Judges over a market by these terms.
    public init(market: any MarketAccess, terms: Terms) {
        self.init(market: market, terms: terms, second: nil)
    }

    /// As above, with a second judge.
    init(market: any MarketAccess, terms: Terms, second: (any SecondJudge)?) {
        self.second = second
        self.market = market
        self.terms = terms
        recorder = TrialRecorder(terms.gate)
    }

    /// Says a `verdict` for each report and each intent.
    public func turn(_ input: TurnInput) throws -> TurnOutput {
        var output = TurnOutput(state: input.state, summary: "")
        var memory = try VerifierMemory(input.state)
        var story: [String] = []
        for signal in input.signals(.fill) { memory.note(fill: signal.body) }
        for signal in input.signals(.trade) { memory.note(trade: signal.body) }
        var trials = try trials(input)
        for signal in input.signals(.report) {
            let verdict = try judge(report: signal, input, &trials, &memory)
            output.say(.verdict, verdict.body)
            story.append(verdict.summary)
            if !verdict.note.isEmpty { output.notes.append(verdict.note + "\n") }
        }
        if let trials, let new = memory.unsaid(trials.records) { output.say(.trials, new) }
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

    // MARK: - Intents

    private func judge(
        intent signal: Signal,
        _ input: TurnInput,
        _ memory: inout VerifierMemory
    ) throws -> (body: JSON, summary: String) {
        let intent = IntentClaim(signal)
        let facts = try IntentFacts(
            intent,
            memory,
            market: market,
            terms: terms,
            time: input.time
        )
        let judgements = input.judgements(of: .intent, facts.bindings)
        let passed =
            !judgements.isEmpty && judgements.allSatisfy(\.judgement.holds) && facts.close != nil
        if passed, intent.isEntry, let symbol = intent.symbol {
            memory.addExposure(signal.id, symbol: symbol, fraction: facts.fraction)
        }
        let broken = judgements.map(\.judgement).filter { !$0.holds }
        let rules = judgements.map { $0.judgement.json(of: $0.skill) }
        let fields: JSON = [
            "kind": "intent",
            "subject": .string(signal.id),
            "action": .string(intent.action),
            "good_through": .string(input.time.date.nextWeekday.description),
            "strategy_hash": intent.hash.map { .string($0.description) } ?? .null,
            "symbol": .string(intent.symbol?.description ?? ""),
            "side": .string(facts.side),
            "size": .double(facts.fraction),
            "close": facts.close.map { .number($0) } ?? .null,
            "stop": facts.stop.map { .double($0) } ?? .null,
            "target": facts.target.map { .double($0) } ?? .null,
            "hold": facts.strategy?.hold.map { .int(Int64($0)) } ?? .null,
            "passed": .bool(passed),
            "rules": .array(rules + (facts.close == nil ? [Self.noClose] : [])),
        ]
        let body = JSON.object((fields.objectValue ?? []) + Self.entryTerms(intent, facts))
        let words = "\(intent.action) \(intent.symbol?.description ?? "of nothing known")"
        let why = broken.first.map { ": \($0.rule.text)" } ?? ""
        return (body, passed ? "\(words) allowed" : "\(words) refused\(why)")
    }

    /// The condition that the gateway watches for an entry, and how much better than the close it
    /// must be, if the strategy has them.
    private static func entryTerms(_ intent: IntentClaim, _ facts: IntentFacts) -> [JSON.Member] {
        guard intent.isEntry else { return [] }
        var terms: [JSON.Member] = []
        let longest = PassedIntent.longestCondition
        if let condition = facts.strategy?.inlinedInvalidation(bytes: longest) {
            terms.append(JSON.Member("invalidation", .string(condition)))
        }
        if let limit = facts.limit { terms.append(JSON.Member("limit", .double(limit))) }
        return terms
    }

    /// What stands among the rules when no skill's rule needs today's close, as the order does.
    private static let noClose: JSON = [
        "rule": "The symbol has a bar today.", "predicate": "", "line": 0, "holds": false,
        "values": [:], "reason": "there is no close to trade at",
    ]
}
