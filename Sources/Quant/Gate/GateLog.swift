// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The tests of a verdict while they are run.
struct GateLog: Sendable {
    private let thresholds: GateThresholds
    private let stopsEarly: Bool
    private(set) var tests: [GateTest] = []

    init(_ terms: GateTerms) {
        thresholds = terms.thresholds
        stopsEarly = terms.stopsEarly
    }

    /// Whether every test so far held.
    var allHeld: Bool { tests.allSatisfy { $0.outcome == .held } }

    /// Whether no further test is to be run.
    var isOver: Bool { stopsEarly && !allHeld }

    /// Compares a value with the threshold of a test; nothing is done once the log is over.
    ///
    /// A value that is not defined fails for the reason given; so does any value when there is an
    /// `objection` to it.
    mutating func judge(
        _ name: GateTest.Name,
        _ value: Double?,
        _ sample: GateTest.Sample?,
        undefined: String = "it is not defined",
        objection: String? = nil
    ) {
        guard !isOver else { return }
        let threshold = name.threshold(thresholds)
        let value = finite(value)
        let holds = value.map { name.relation.holds($0, threshold) } ?? false
        let limit = "\(name.relation.rawValue) \(Self.text(threshold))"
        let reason =
            objection
            ?? value.map {
                holds ? "\(Self.text($0)) \(limit)" : "\(Self.text($0)) is not \(limit)"
            }
            ?? undefined
        add(name, value, sample, holds && objection == nil ? .held : .failed, reason)
    }

    /// Fails a test that could not be run to its end.
    mutating func fail(_ name: GateTest.Name, _ reason: String) {
        guard !isOver else { return }
        add(name, nil, nil, .failed, reason)
    }

    /// All tests in order, those that are missing not run.
    var complete: [GateTest] {
        let reason =
            tests.contains { $0.outcome != .held }
            ? "not run, since an earlier test failed" : "not run"
        return GateTest.Name.allCases.map { name in
            tests.first { $0.name == name }
                ?? GateTest(
                    name: name,
                    value: nil,
                    threshold: name.threshold(thresholds),
                    sample: nil,
                    outcome: .notRun,
                    reason: reason
                )
        }
    }

    private mutating func add(
        _ name: GateTest.Name,
        _ value: Double?,
        _ sample: GateTest.Sample?,
        _ outcome: GateTest.Outcome,
        _ reason: String
    ) {
        tests.append(
            GateTest(
                name: name,
                value: value,
                threshold: name.threshold(thresholds),
                sample: sample,
                outcome: outcome,
                reason: reason
            )
        )
    }

    /// Four places, or all digits of what is smaller than that.
    static func text(_ value: Double) -> String {
        let rounded = (value * 10_000).rounded() / 10_000
        return BarCSV.text(of: rounded == 0 || abs(value) >= 1e9 ? value : rounded)
    }
}
