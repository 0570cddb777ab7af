// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// The gate's verdict on a strategy, with the figures that rules may read.
///
/// Figures of the sealed window are there only when the gate had looked at it, which it does for
/// strategies that have held every test before.
struct GateExamination {
    let verdict: GateVerdict
    /// The figures by the names of the rule vocabulary.
    let metrics: JSON
    /// What the figures of the sealed window were computed from; null without them.
    let sample: JSON
    /// The look that was spent, if any.
    let look: (trial: TrialRecord, through: CalendarDate)?

    init(
        _ strategy: Strategy,
        history: [BarSeries],
        _ trials: Verifier.Trials,
        terms: Verifier.Terms,
        date: CalendarDate
    ) throws(QuantError) {
        let sealDate = date.adding(years: -terms.sealedYears)
        let verdict = Gate(terms.gate).judge(
            .strategy(strategy),
            history: history,
            seal: Instant(sealDate),
            facts: trials.facts(judging: TypedStrategy.hash(of: strategy)),
            looked: trials.looked(behind: sealDate)
        )
        self.verdict = verdict
        let last = history.compactMap(\.times.last).max()
        look =
            verdict.looked
            ? verdict.trial.flatMap { trial in last.map { (trial: trial, through: $0.date) } } : nil
        var members = Self.development(strategy, verdict)
        var sample = JSON.null
        if verdict.looked {
            let examination = try StrategyExamination(
                strategy,
                history: history,
                window: terms.window,
                seal: Instant(sealDate),
                costs: terms.costs,
                capital: terms.capital
            )
            members = examination.metrics.objectValue ?? []
            sample = examination.sample
        }
        members += Self.gate(verdict, looks: trials.lookCount)
        metrics = JSON.object(members).canonical
        self.sample = sample
    }

    /// What is known without a look.
    private static func development(_ strategy: Strategy, _ verdict: GateVerdict) -> [JSON.Member] {
        let figures = Dictionary(uniqueKeysWithValues: verdict.figures.map { ($0.name, $0.value) })
        var inSample: [JSON.Member] = []
        if let sharpe = figures["sharpe"] { inSample.append(.init("sharpe", .double(sharpe))) }
        inSample.append(.init("trades", .int(Int64(figures["trades"] ?? 0))))
        return [
            .init("family", .string(strategy.family)), .init("in_sample", .object(inSample)),
            .init("side", .string(strategy.side.rawValue)),
        ]
    }

    /// The gate's figures and the count of trials.
    private static func gate(_ verdict: GateVerdict, looks: Int) -> [JSON.Member] {
        [
            .init(
                "gate",
                .object(verdict.figures.map { .init($0.name, .double($0.value)) })
            ),
            .init(
                "tried",
                [
                    "hypotheses": .int(Int64(verdict.facts.trials)),
                    "effective": .int(Int64(verdict.facts.effectiveTrials)),
                    "families": .int(Int64(verdict.facts.families)),
                    "looks": .int(Int64(looks)),
                ]
            ),
        ]
    }
}
