// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One test of a verdict: what was asked, of which sample, and what came of it.
public struct GateTest: Sendable, Hashable {
    /// Whether a test looks at the history before the seal or behind it.
    public enum Stage: String, Sendable, Hashable, CaseIterable {
        /// Bars through the seal only.
        case development
        /// The sealed window, which is read once.
        case sealed
    }

    /// How a value has to stand to its threshold.
    public enum Relation: String, Sendable, Hashable, CaseIterable {
        /// Greater.
        case above = ">"
        /// Greater or equal.
        case atLeast = ">="
        /// Less.
        case below = "<"
        /// Less or equal.
        case atMost = "<="

        /// Whether a value stands so to a threshold.
        func holds(_ value: Double, _ threshold: Double) -> Bool {
            switch self {
            case .above: value > threshold
            case .atLeast: value >= threshold
            case .below: value < threshold
            case .atMost: value <= threshold
            }
        }
    }

    /// What came of a test.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// The value is as it has to be.
        case held
        /// It is not, or there is none.
        case failed
        /// The test was not run, which counts as failed.
        case notRun = "not_run"
    }

    /// The returns that a test looked at.
    public struct Sample: Sendable, Hashable {
        /// The time of the first return.
        public let from: Instant
        /// The time of the last one.
        public let through: Instant
        /// Their number.
        public let returns: Int
    }

    /// Which test it is.
    public let name: Name
    /// The figure that was tested; nil when it is not defined or was not computed.
    public let value: Double?
    /// What it was compared with.
    public let threshold: Double
    /// What it was computed from; nil when nothing was computed.
    public let sample: Sample?
    /// What came of it.
    public let outcome: Outcome
    /// One clause that says why it held, failed or was not run.
    public let reason: String

    /// Which part of the history it looks at.
    public var stage: Stage { name.stage }
    /// What is assumed until the test holds.
    public var null: String { name.null }
    /// What the value is.
    public var statistic: String { name.statistic }
    /// How the value has to stand to the threshold.
    public var relation: Relation { name.relation }

    /// The test as JSON, in a fixed order.
    public var json: JSON {
        [
            "name": .string(name.rawValue), "stage": .string(stage.rawValue),
            "null": .string(null), "statistic": .string(statistic),
            "value": value.map { .number($0) } ?? .null,
            "relation": .string(relation.rawValue), "threshold": .number(threshold),
            "from": sample.map { .string("\($0.from)") } ?? .null,
            "through": sample.map { .string("\($0.through)") } ?? .null,
            "returns": sample.map { .int(Int64($0.returns)) } ?? .null,
            "outcome": .string(outcome.rawValue), "reason": .string(reason),
        ]
    }
}
