// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The tests on the bars through the seal.
struct DevelopmentStage {
    private let subject: GateSubject
    private let terms: GateTerms
    private let looked: [TrialIdentity]
    private let costs: Costs
    private(set) var log: GateLog
    private(set) var trial: TrialRecord?
    /// What is known of all trials; of one until the strategy has been run.
    private(set) var facts = TrialFacts()
    /// The decisions over the bars; nil when there are none.
    private(set) var table: DecisionTable?

    init(_ subject: GateSubject, terms: GateTerms, looked: [TrialIdentity]) {
        self.subject = subject
        self.terms = terms
        self.looked = looked
        costs = terms.costs(of: subject)
        log = GateLog(terms)
    }

    /// Runs all tests, the cheap ones first.
    mutating func run(on series: [BarSeries], facts: (TrialRecord) -> TrialFacts) {
        let table: DecisionTable
        do {
            table = try subject.table(on: series, dialect: terms.dialect)
        } catch {
            log.fail(.evaluation, "\(error)")
            return
        }
        guard !table.times.isEmpty else {
            log.fail(.evaluation, "there are no bars before the seal")
            return
        }
        self.table = table
        let result = table.run(costs: costs, terms: terms)
        let sample = GateTest.Sample(of: result)
        let trial = TrialRecord(subject, result)
        self.trial = trial
        self.facts = facts(trial)
        log.judge(.evaluation, Double(table.times.count), sample)
        judgeIdentity(trial.identity)
        judge(result, sample)
        judgeLuck(result.metrics, sample)
        judgeDisturbed(table, sample)
        attempt(.lookAhead) { stage in try stage.judgeLookAhead(table, sample) }
        attempt(.warmUp) { stage in try stage.judgeWarmUp(table, sample) }
        attempt(.overfitting) { stage in try stage.judgePanel(table, sample) }
    }

    /// Runs a test that may throw, which fails it.
    private mutating func attempt(
        _ name: GateTest.Name,
        _ body: (inout DevelopmentStage) throws -> Void
    ) {
        guard !log.isOver else { return }
        do {
            try body(&self)
        } catch {
            log.fail(name, "\(error)")
        }
    }

    private mutating func judgeIdentity(_ identity: TrialIdentity) {
        let limit = terms.thresholds.sameIdea
        let earlier = looked.filter { identity.isSameIdea(as: $0, correlation: limit) }
        log.judge(
            .oneLook,
            Double(earlier.count),
            nil,
            objection: earlier.first.map { "the same idea had its look as '\($0.name)'" }
        )
    }

    private mutating func judge(_ result: BacktestResult, _ sample: GateTest.Sample?) {
        let figures = result.metrics
        let bad = result.equity.count { !($0 > 0 && $0.isFinite) }
        let excess = figures.sharpePerPeriod.flatMap { ratio in
            ratio > terms.thresholds.mostSharpePerPeriod ? ratio : nil
        }
        log.judge(.history, Double(result.returns.count), sample)
        log.judge(.finite, Double(bad), sample)
        log.judge(
            .variation,
            figures.standardDeviation,
            sample,
            objection: excess.map {
                "a Sharpe ratio of \(GateLog.text($0)) per period is more than can be believed"
            }
        )
        log.judge(.trades, Double(result.ownTrades), sample)
        log.judge(.sharpe, figures.sharpe, sample, undefined: Self.constant)
        log.judge(.drawdown, figures.maxDrawdown, sample)
        log.judge(.neweyWest, figures.neweyWestT, sample, undefined: Self.constant)
    }

    private mutating func judgeLuck(_ figures: Performance, _ sample: GateTest.Sample?) {
        log.judge(.probabilistic, figures.psr, sample, undefined: Self.constant)
        let deflated = figures.dsr(
            trials: facts.effectiveTrials,
            trialVariance: facts.luckVariance(
                returns: figures.periods,
                periodsPerYear: terms.periodsPerYear
            )
        )
        log.judge(.deflated, deflated, sample, undefined: Self.constant)
    }

    private mutating func judgeDisturbed(_ table: DecisionTable, _ sample: GateTest.Sample?) {
        guard !log.isOver else { return }
        let dear = table.run(
            costs: costs.doubled(atLeast: terms.thresholds.leastAddedFee),
            terms: terms
        )
        log.judge(.costsDoubled, dear.metrics.sharpe, sample, undefined: Self.constant)
        guard !log.isOver else { return }
        let late = table.late(enter: 1, exit: 1).run(costs: costs, terms: terms)
        log.judge(.oneBarLater, late.metrics.sharpe, sample, undefined: Self.constant)
    }

    private mutating func judgeLookAhead(
        _ table: DecisionTable,
        _ sample: GateTest.Sample?
    ) throws {
        let limits = terms.thresholds
        let check = LookAheadCheck(
            table: table,
            cuts: subject.isProgram ? limits.programCuts : limits.cuts,
            shuffles: subject.isProgram ? limits.programCuts / 2 : limits.shuffles
        )
        let found = try check.run { try subject.table(on: $0, dialect: terms.dialect) }
        log.judge(.lookAhead, Double(found.bars), sample, objection: found.example)
    }

    private mutating func judgeWarmUp(
        _ table: DecisionTable,
        _ sample: GateTest.Sample?
    ) throws {
        let check = WarmUpCheck(table: table, laterStarts: terms.thresholds.laterStarts)
        let drift = try check.drift { try subject.table(on: $0, dialect: terms.dialect) }
        log.judge(.warmUp, drift?.share, sample, undefined: "there are too few bars to start later")
    }

    private mutating func judgePanel(_ table: DecisionTable, _ sample: GateTest.Sample?) throws {
        let panel = try ProbePanel(subject, table, terms: terms)
        let near = panel.neighbours.map { $0.run(costs: costs, terms: terms) }
        let far = panel.rotations.map { $0.run(costs: costs, terms: terms) }
        let columns = (near + far).map(\.returns)
        let rows = columns[0].indices.map { row in columns.map { $0[row] } }
        let overfitting = try BacktestOverfitting(returns: rows, blocks: terms.thresholds.blocks)
        log.judge(.overfitting, overfitting.probability, sample)
        guard !log.isOver else { return }
        let walk = RefitWalk(panel.neighbours, near, costs: costs, terms: terms)
        let figures = Performance(
            returns: walk.returns,
            periodsPerYear: terms.periodsPerYear,
            riskFree: terms.riskFree
        )
        log.judge(
            .walkForward,
            figures.sharpe,
            walk.span.map {
                GateTest.Sample(from: $0.from, through: $0.through, returns: walk.returns.count)
            },
            undefined: walk.returns.isEmpty
                ? "a position was held for \(walk.embargo) bars, so none are left to choose by"
                : Self.constant
        )
    }

    private static let constant = "it is not defined, since returns do not vary"
}
