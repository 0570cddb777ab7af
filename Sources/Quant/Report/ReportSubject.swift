// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a report is about, whatever kind of strategy it is.
public struct ReportSubject: Sendable, Hashable {
    /// What people call it.
    public let name: String
    /// The instruments, sorted.
    public let universe: [Symbol]
    /// How it trades, in a word or two.
    public let kind: String
    /// The hash of its canonical form.
    public let hash: ContentHash
    /// The costs that it asks for; nil for none.
    public let costs: Costs?

    /// A strategy of rules.
    public init(_ strategy: Strategy) {
        name = strategy.name
        universe = strategy.universe
        kind = strategy.side.rawValue
        hash = strategy.hash
        costs = strategy.costs
    }

    /// A strategy of rules whose parameters are refitted.
    public init(_ strategy: Strategy, _ walkForward: WalkForward) {
        let parts: JSON = [
            "strategy": .string(strategy.hash.description), "walk_forward": walkForward.json,
        ]
        name = strategy.name
        universe = strategy.universe
        kind = "\(strategy.side.rawValue), refitted every \(walkForward.test) bars"
        hash = ContentHash(of: parts.canonical.compactBytes)
        costs = strategy.costs
    }

    /// A strategy that is a program.
    public init(_ strategy: PositionStrategy) {
        name = strategy.name
        universe = strategy.universe
        kind = "by a program"
        hash = strategy.hash
        costs = strategy.costs
    }
}
