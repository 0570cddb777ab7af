// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What says whether two strategies are one idea, whatever they are called.
///
/// A name, a parameter's name, another spelling of the same condition or another size of the
/// position changes neither what is traded nor when, and so none of the last two members.
public struct TrialIdentity: Sendable, Hashable {
    /// What people call it.
    public let name: String
    /// The idea that it is said to belong to.
    public let family: String
    /// The hash of the strategy.
    public let strategy: ContentHash
    /// The hash of the positions that it took before the seal: symbol, direction, entry and exit.
    public let behaviour: ContentHash
    /// Its returns before the seal, week by week.
    public let weeks: WeeklyReturns

    /// Describes a subject by what it did.
    init(_ subject: GateSubject, _ result: BacktestResult) {
        name = subject.name
        family = subject.family
        strategy = subject.hash
        behaviour = Self.behaviour(of: result)
        weeks = WeeklyReturns(result)
    }

    /// Reads what ``json`` wrote.
    /// - Throws: A `JSONError` for what is no such object.
    public init(_ json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "identity")
        try fields.allowOnly(["name", "family", "strategy", "behaviour", "weeks"])
        name = try fields.string("name")
        family = try fields.string("family")
        strategy = try fields.hash("strategy")
        behaviour = try fields.hash("behaviour")
        weeks = try WeeklyReturns(try fields.required("weeks"))
    }

    /// The identity as JSON, in a fixed order.
    public var json: JSON {
        [
            "name": .string(name), "family": .string(family),
            "strategy": .string(strategy.description),
            "behaviour": .string(behaviour.description), "weeks": weeks.json,
        ]
    }

    /// Whether two are the same strategy or took the same positions.
    public func isSameBehaviour(as other: TrialIdentity) -> Bool {
        strategy == other.strategy || behaviour == other.behaviour
    }

    /// Whether two are one idea: the same behaviour, or weekly returns that go together.
    ///
    /// By returns an idea is also known again when one of the two was seen on a longer history.
    public func isSameIdea(
        as other: TrialIdentity,
        correlation: Double = GateThresholds().sameIdea
    ) -> Bool {
        isSameBehaviour(as: other) || (weeks.correlation(with: other.weeks) ?? 0) >= correlation
    }

    private static func behaviour(of result: BacktestResult) -> ContentHash {
        let lines = result.trades.map {
            "\($0.symbol) \($0.side.rawValue) \($0.entryTime) \($0.exitTime)\n"
        }
        return ContentHash(of: lines.sorted().joined())
    }
}
