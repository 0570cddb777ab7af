// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// What `verify` prints for people.
struct VerdictTable {
    private let verdict: GateVerdict
    private let wasToldTrials: Bool

    init(_ verdict: GateVerdict, wasToldTrials: Bool) {
        self.verdict = verdict
        self.wasToldTrials = wasToldTrials
    }

    /// Prints the tests, what they were made with, and the verdict.
    func say(to console: Console) {
        console.say("\(PlainText.line(verdict.name)), strategy \(verdict.strategy.short)\n")
        for stage in GateTest.Stage.allCases {
            console.say(heading(stage))
            console.columns(
                [["test", "value", "must be", "", "why"]]
                    + verdict.tests.filter { $0.stage == stage }.map(row)
            )
            console.say("")
        }
        console.say(conventions)
        console.say(trials)
        if let power { console.say(power) }
        console.say(
            "\n"
                + (verdict.passed ? "PASSED: " : "REFUSED: ") + PlainText.line(verdict.reason)
        )
        guard !wasToldTrials else { return }
        console.note(
            "one trial was counted, since neither --trials nor --ledger said otherwise; if this"
                + " strategy is the best of several, say how many, or the verdict means nothing"
        )
    }

    private func heading(_ stage: GateTest.Stage) -> String {
        let name = stage == .development ? "before the seal" : "behind the seal"
        let sample = verdict.tests.first { $0.stage == stage && $0.sample != nil }?.sample
        guard let sample else { return "\(name): not read" }
        return "\(name): \(sample.returns) returns, \(sample.from.date) through"
            + " \(sample.through.date)"
    }

    private func row(_ test: GateTest) -> [String] {
        let outcome =
            switch test.outcome {
            case .held: "held"
            case .failed: "FAILED"
            case .notRun: "not run"
            }
        return [
            test.name.rawValue, test.value.map { Self.text($0) } ?? "-",
            "\(test.relation.rawValue) \(Self.text(test.threshold))", outcome,
            test.outcome == .held ? "" : PlainText.line(test.reason),
        ]
    }

    private var conventions: String {
        "annual figures: \(Self.text(verdict.terms.periodsPerYear)) periods a year, riskless rate"
            + " \(Self.text(verdict.terms.riskFree)); each side of a trade costs"
            + " \(Self.text(verdict.costs.feeRate)) of its value and"
            + " \(Self.text(verdict.costs.slippageRate)) of the price"
            + verdict.costs.execution.words
    }

    private var trials: String {
        let facts = verdict.facts
        guard facts.trials > 1 else { return "trials: 1" }
        let related =
            facts.effectiveTrials == facts.trials ? "" : ", worth \(facts.effectiveTrials)"
        return "trials: \(facts.trials)\(related), variance of their Sharpe ratios per period"
            + " \(verdict.luckVariance)"
            + (facts.variance == nil ? ", which is assumed" : "")
    }

    private var power: String? {
        guard let row = verdict.power else { return nil }
        let shares = row.points.map {
            "\(Self.text($0.sharpe)): \(Figure.text(100 * $0.share, 1)) %"
        }
        return "power: of the best of \(row.trials) on \(row.returns) returns, this gate accepts"
            + " by true Sharpe ratio \(shares.joined(separator: ", "))"
    }

    private static func text(_ value: Double) -> String {
        let isWhole = value == value.rounded() && abs(value) < 1e15
        return isWhole ? "\(Int(value))" : abs(value) < 0.001 ? "\(value)" : Figure.text(value, 4)
    }
}
