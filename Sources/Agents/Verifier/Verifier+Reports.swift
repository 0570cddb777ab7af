// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Expressions
import Quant

extension Verifier {
    /// What was tried before a turn, as the verifier has computed it.
    struct Trials {
        let news: TrialNews
        let records: [(id: ContentHash, record: TrialRecord)]
        private let census: TrialCensus
        /// The looks taken in this turn so far.
        var newLooks: [(trial: TrialRecord, through: CalendarDate)] = []

        init(_ news: TrialNews, _ records: [(id: ContentHash, record: TrialRecord)]) {
            self.news = news
            self.records = records
            census = TrialCensus(records.map(\.record))
        }

        /// What is known of all trials when one of them is to be judged.
        func facts(judging trial: ContentHash) -> TrialFacts {
            let candidate = records.first { $0.id == trial }?.record
            let facts = census.facts(judging: candidate)
            // What has no returns here, such as the runs of a sweep, counts each.
            return TrialFacts(
                trials: facts.trials + max(0, news.count - records.count),
                families: max(facts.families, news.families),
                variance: facts.variance,
                meanCorrelation: facts.meanCorrelation
            )
        }

        /// The ideas whose looks saw anything that lies behind a seal.
        func looked(behind seal: CalendarDate) -> [TrialIdentity] {
            let old = Set(news.looks.filter { $0.through > seal }.map(\.trial))
            return records.filter { old.contains($0.id) }.map(\.record.identity)
                + newLooks.filter { $0.through > seal }.map(\.trial.identity)
        }

        /// How many looks were taken, on whatever idea.
        var lookCount: Int { news.looks.count + newLooks.count }
    }

    /// Recomputes what was tried; nil when the supervisor did not tell.
    func trials(_ input: TurnInput) throws -> Trials? {
        guard let signal = input.signals(.trials).first else { return nil }
        let news = try TrialNews(signal)
        let seal = input.time.date.adding(years: -terms.sealedYears)
        return Trials(
            news,
            recorder.records(of: news.hypotheses, try market.history(), seal: seal)
        )
    }

    /// Judges a report: the gate's tests first, then the rules of the skills.
    func judge(
        report signal: Signal,
        _ input: TurnInput,
        _ trials: inout Trials?,
        _ memory: inout VerifierMemory
    ) throws -> ReportVerdict {
        guard let known = trials else {
            return Self.refusal(of: signal, nil, "the count of trials was not delivered")
        }
        switch HypothesisClaim(signal) {
        case .fault(let reason): return Self.refusal(of: signal, nil, reason)
        case .strategy(let strategy, let hash):
            let history = try market.history()
            let examination = try GateExamination(
                strategy,
                history: strategy.history(from: history),
                known,
                terms: terms,
                date: input.time.date
            )
            if let look = examination.look { trials?.newLooks.append(look) }
            let judgements = input.judgements(of: .report, Bindings(examination.metrics))
            var passed =
                examination.verdict.passed && !judgements.isEmpty
                && judgements.allSatisfy(\.judgement.holds)
            // Only what the code lets pass is asked about, so nobody else can let anything pass.
            let opinion =
                passed ? try second?.judge(strategy, examination.metrics, input) : nil
            passed = passed && opinion?.agrees != false
            let until = input.time.date.adding(days: terms.termDays)
            if passed { memory.approve(strategy, hash, until: until) }
            let body = Self.body(
                signal,
                hash,
                examination,
                judgements,
                opinion,
                until: passed ? until : nil,
                looks: trials?.lookCount ?? 0
            )
            let name = "\(strategy.family) \(hash.short)"
            let words = Self.summary(name, examination.verdict, judgements, passed, opinion)
            return ReportVerdict(body: body, summary: words, note: opinion?.note ?? "")
        }
    }

    private static func body(
        _ signal: Signal,
        _ hash: ContentHash,
        _ examination: GateExamination,
        _ judgements: [(skill: String, judgement: Judgement)],
        _ opinion: Opinion?,
        until: CalendarDate?,
        looks: Int
    ) -> JSON {
        [
            "kind": "report",
            "subject": .string(signal.id),
            "strategy_hash": .string(hash.description),
            "family": .string(examination.verdict.family),
            "passed": .bool(until != nil),
            "approved_until": until.map { .string($0.description) } ?? .null,
            "reason": .string(examination.verdict.reason),
            "look": examination.look.map {
                [
                    "trial": .string(hash.description),
                    "through": .string($0.through.description),
                ]
            } ?? .null,
            "looks": .int(Int64(looks)),
            "sample": examination.sample,
            "metrics": examination.metrics,
            "rules": .array(
                judgements.map { $0.judgement.json(of: $0.skill) }
                    + (opinion.map { [$0.rule] } ?? [])
            ),
            "gate": examination.verdict.json,
        ]
    }

    /// A verdict on what cannot be judged.
    private static func refusal(
        of signal: Signal,
        _ hash: ContentHash?,
        _ reason: String
    ) -> ReportVerdict {
        let body: JSON = [
            "kind": "report", "subject": .string(signal.id),
            "strategy_hash": hash.map { .string($0.description) } ?? .null, "passed": false,
            "approved_until": .null, "reason": .string(reason), "look": .null, "rules": [],
        ]
        return ReportVerdict(body: body, summary: "a report refused: \(reason)")
    }

    private static func summary(
        _ name: String,
        _ verdict: GateVerdict,
        _ judgements: [(skill: String, judgement: Judgement)],
        _ passed: Bool,
        _ opinion: Opinion?
    ) -> String {
        guard !passed else { return "\(name) PASSED, \(verdict.reason)" }
        guard verdict.passed else { return "\(name) failed, \(verdict.reason)" }
        if let opinion, !opinion.agrees {
            return "\(name) failed, the second judge disagrees: \(opinion.reason)"
        }
        let broken = judgements.count { !$0.judgement.holds }
        return "\(name) failed \(broken) of \(judgements.count) rules"
    }
}

/// What a verifier says of a report.
struct ReportVerdict {
    let body: JSON
    let summary: String
    /// What a second judge thought, for people; empty for nothing.
    var note = ""
}
