// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Decides whether a strategy may trade, from bars alone.
///
/// First come the development tests on all bars through the seal, which the maker could see. Only
/// if every one of them holds is the sealed window behind it read, once, by the tests of the second
/// stage. A test that was not run is a failed test, and a strategy that cannot be evaluated is
/// refused with the reason. Equal arguments give equal verdicts, byte for byte.
///
/// `docs/gate.md` explains each test and shows how many strategies the gate lets through.
public struct Gate: Sendable {
    /// The version of what the tests compute; it changes whenever a verdict could.
    public static let version = 2

    /// How strategies are run and what is asked of them.
    public let terms: GateTerms

    /// Creates a gate.
    public init(_ terms: GateTerms = GateTerms()) {
        self.terms = terms
    }

    /// Judges a strategy.
    /// - Parameters:
    ///   - subject: The strategy.
    ///   - history: All bars up to now, those of the sealed window included.
    ///   - seal: The last instant that the maker could see.
    ///   - facts: What is known of all trials, this one included.
    ///   - looked: The ideas that have had their look at sealed data.
    /// - Returns: The verdict; whatever is wrong with the strategy or the bars is a refusal.
    public func judge(
        _ subject: GateSubject,
        history: [BarSeries],
        seal: Instant,
        facts: TrialFacts = TrialFacts(),
        looked: [TrialIdentity] = []
    ) -> GateVerdict {
        judge(subject, history: history, seal: seal, looked: looked) { _ in facts }
    }

    /// Judges a strategy beside all trials of a ledger, among which it may or may not be.
    public func judge(
        _ subject: GateSubject,
        history: [BarSeries],
        seal: Instant,
        trials: [TrialRecord],
        looked: [TrialIdentity] = []
    ) -> GateVerdict {
        judge(subject, history: history, seal: seal, looked: looked) { record in
            TrialCensus(trials + [record]).facts(judging: record)
        }
    }

    private func judge(
        _ subject: GateSubject,
        history: [BarSeries],
        seal: Instant,
        looked: [TrialIdentity],
        facts: (TrialRecord) -> TrialFacts
    ) -> GateVerdict {
        let series: [BarSeries]
        do {
            try check(subject)
            series = try subject.series(in: history)
        } catch {
            var log = GateLog(terms)
            log.fail(.evaluation, "\(error)")
            return verdict(subject, log)
        }
        let known = series.map { $0[0..<$0.firstIndex(after: seal)] }
        var development = DevelopmentStage(subject, terms: terms, looked: looked)
        development.run(on: known, facts: facts)
        var log = development.log
        var whole: ContentHash?
        if log.allHeld, let table = development.table {
            var sealed = SealedStage(subject, terms: terms, log: log)
            sealed.run(on: series, table, seal: seal)
            log = sealed.log
            if sealed.looked { whole = BarSeries.hash(of: series) }
        }
        return verdict(
            subject,
            log,
            trial: development.trial,
            facts: development.facts,
            data: (BarSeries.hash(of: known), whole)
        )
    }

    /// The last instant before the last so many returns of a history; nil when there are fewer.
    public static func seal(of history: [BarSeries], returns: Int = 504) -> Instant? {
        let times = PreparedStrategy.union(history.map(\.times.array))
        return times.count > returns ? times[times.count - 1 - returns] : nil
    }

    /// Refuses terms that no backtest can have.
    private func check(_ subject: GateSubject) throws(QuantError) {
        try BacktestTerms(
            costs: terms.costs(of: subject),
            capital: terms.capital,
            periodsPerYear: terms.periodsPerYear,
            riskFree: terms.riskFree
        ).check()
    }

    private func verdict(
        _ subject: GateSubject,
        _ log: GateLog,
        trial: TrialRecord? = nil,
        facts: TrialFacts = TrialFacts(),
        data: (development: ContentHash, whole: ContentHash?)? = nil
    ) -> GateVerdict {
        let returns = trial?.periods ?? 0
        return GateVerdict(
            name: subject.name,
            family: subject.family,
            strategy: subject.hash,
            trial: trial,
            tests: log.complete,
            facts: facts,
            luckVariance: facts.luckVariance(
                returns: returns,
                periodsPerYear: terms.periodsPerYear
            ),
            terms: terms,
            costs: terms.costs(of: subject),
            developmentData: data?.development,
            wholeData: data?.whole,
            power: PowerCurve.measured.row(returns: returns, trials: facts.effectiveTrials)
        )
    }
}
