// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a gate says of a strategy, with everything that another needs to come to the same.
public struct GateVerdict: Sendable, Hashable {
    /// What people call the strategy.
    public let name: String
    /// The idea that it is said to belong to.
    public let family: String
    /// The hash of the strategy.
    public let strategy: ContentHash
    /// The strategy as a trial on the bars before the seal; nil when it could not be run.
    public let trial: TrialRecord?
    /// Every test, in order.
    public let tests: [GateTest]
    /// What was known of all trials.
    public let facts: TrialFacts
    /// The variance that luck among the trials was computed with.
    public let luckVariance: Double
    /// How strategies were run and what was asked of them.
    public let terms: GateTerms
    /// What trading cost.
    public let costs: Costs
    /// The hash of the bars through the seal; nil when they could not be used.
    public let developmentData: ContentHash?
    /// The hash of all bars; nil unless the sealed window was read.
    public let wholeData: ContentHash?
    /// How many strategies of a known Sharpe ratio this gate accepts, in samples like this one; nil
    /// when no sample so short was studied.
    public let power: PowerCurve.Row?

    /// Whether the strategy may trade: every test held.
    public var passed: Bool { tests.allSatisfy { $0.outcome == .held } }

    /// Whether the sealed window was read, so that the idea has had its look.
    public var looked: Bool { wholeData != nil }

    /// The first test that did not hold; nil when all did.
    public var firstFailure: GateTest? { tests.first { $0.outcome != .held } }

    /// One clause: why the strategy was refused, or that all tests held.
    ///
    /// Of several tests that did not hold the first is named, unless one found knowledge of the
    /// future, which makes every figure before it worthless.
    public var reason: String {
        let foresight = tests.first {
            $0.outcome == .failed && ($0.name == .lookAhead || $0.name == .sealedPast)
        }
        guard let failure = foresight ?? firstFailure else {
            return "all \(tests.count) tests held"
        }
        return "\(failure.name.rawValue): \(failure.reason)"
    }

    /// The figures that are defined, by the names of their tests, sorted.
    public var figures: [(name: String, value: Double)] {
        tests.compactMap { test in test.value.map { (test.name.rawValue, $0) } }
            .sorted { $0.0 < $1.0 }
    }
}
