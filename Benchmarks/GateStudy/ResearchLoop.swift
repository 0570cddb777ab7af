// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// A researcher who tries hypotheses on a market until one is accepted, in two ways and without a
/// gate.
struct ResearchLoop {
    /// The number of trials after which each way is looked at.
    static let budgets = [10, 50, 200]

    /// Whether something was accepted by the way of each budget.
    struct Outcome {
        /// The best of all trials before the seal is submitted.
        var best = [Bool](repeating: false, count: budgets.count)
        /// Every trial is submitted as soon as it was made, until one is accepted.
        var every = [Bool](repeating: false, count: budgets.count)
        /// The last two years are searched as well, and the simple rule judges there.
        var simple = [Bool](repeating: false, count: budgets.count)
        /// The test at which the best of each budget failed; nil when it was accepted.
        var failures = [GateTest.Name?](repeating: nil, count: budgets.count)
    }

    private let market: StudyMarket
    private let gate: Gate
    private let records: [TrialRecord]

    init(_ market: StudyMarket) throws {
        var terms = GateTerms()
        terms.stopsEarly = true
        gate = Gate(terms)
        self.market = market
        records = try Self.records(market, terms)
    }

    /// Tries all hypotheses, those of one universe together.
    private static func records(
        _ market: StudyMarket,
        _ terms: GateTerms
    ) throws -> [TrialRecord] {
        var records: [Int: TrialRecord] = [:]
        let places = Dictionary(grouping: market.hypotheses.indices) {
            market.hypotheses[$0].universe
        }
        for group in places.values {
            let found = try TrialRecord.records(
                of: group.map { market.hypotheses[$0] },
                history: market.history,
                seal: market.seal,
                terms: terms
            )
            for (place, record) in zip(group, found) { records[place] = record }
        }
        return market.hypotheses.indices.compactMap { records[$0] }
    }

    /// Runs all ways.
    ///
    /// In a market with an edge only the strategy that finds it is counted, and the ways that only
    /// noise can gain by are left out.
    func run() throws -> Outcome {
        var outcome = Outcome()
        for (place, budget) in Self.budgets.enumerated() {
            let tried = records[..<min(budget, records.count)]
            let best = tried.indices.max { (score($0), -$0) < (score($1), -$1) } ?? 0
            let verdict = judge(best, among: Array(tried))
            outcome.best[place] = verdict.passed && (market.planted ?? best) == best
            outcome.failures[place] = verdict.firstFailure?.name
        }
        guard market.planted == nil else { return outcome }
        if let accepted = firstAccepted() {
            for (place, budget) in Self.budgets.enumerated() {
                outcome.every[place] = accepted < budget
            }
        }
        if let accepted = try firstBySimpleRule() {
            for (place, budget) in Self.budgets.enumerated() {
                outcome.simple[place] = accepted < budget
            }
        }
        return outcome
    }

    private func score(_ index: Int) -> Double { records[index].sharpe ?? -.infinity }

    private func judge(
        _ index: Int,
        among tried: [TrialRecord],
        looked: [TrialIdentity] = []
    ) -> GateVerdict {
        gate.judge(
            .strategy(market.hypotheses[index]),
            history: market.history,
            seal: market.seal,
            trials: tried,
            looked: looked
        )
    }

    /// The first trial that is accepted when each is submitted at once, with as many trials as
    /// were made by then.
    private func firstAccepted() -> Int? {
        var looked: [TrialIdentity] = []
        let limit = gate.terms.thresholds.sharpe / gate.terms.periodsPerYear.squareRoot()
        // What does not reach the first threshold is refused without asking.
        for index in records.indices where score(index) > limit {
            let verdict = judge(index, among: Array(records[...index]), looked: looked)
            if verdict.passed { return index }
            if verdict.looked { looked.append(records[index].identity) }
        }
        return nil
    }

    /// The first trial that passes the simple rule on the last two years, which it was tried on.
    private func firstBySimpleRule() throws -> Int? {
        let limits = gate.terms.thresholds
        guard let last = market.history.first?.times.last else { return nil }
        for (index, strategy) in market.hypotheses.enumerated() {
            let figures = try PreparedStrategy(strategy, history: market.history).run(
                window: (market.seal, last)
            ).metrics
            if let sharpe = figures.sharpe, sharpe > limits.sealedSharpe,
                let drawdown = figures.maxDrawdown, drawdown < limits.sealedDrawdown,
                let t = figures.neweyWestT, t > limits.sealedNeweyWestT
            {
                return index
            }
        }
        return nil
    }
}
