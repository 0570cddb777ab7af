// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// The strategies that a model tries at one research date: a few, and each of them on record.
final class ResearchBench {
    /// The history in sample.
    let history: [BarSeries]
    let symbols: [String]
    let costs: Costs
    let capital: Double
    /// The most strategies that may be tested or proposed.
    let limit: Int
    private(set) var tried: [(strategy: Strategy, hash: String)] = []
    private(set) var proposed: Set<String> = []

    init(
        history: [BarSeries],
        symbols: [String],
        costs: Costs,
        capital: Double,
        limit: Int
    ) {
        self.history = history
        self.symbols = symbols
        self.costs = costs
        self.capital = capital
        self.limit = limit
    }

    /// Reads a strategy and puts it on record.
    /// - Throws: Why it is none, or that no more may be tried.
    func record(_ note: JSON) throws -> (strategy: Strategy, hash: String) {
        let strategy = try StrategyNote.strategy(
            note,
            symbols: symbols,
            mostSize: Researcher.positionSize
        )
        let hash = strategy.hash.description
        if let known = tried.first(where: { $0.hash == hash }) { return known }
        let sessions = strategy.history(from: history).map(\.count).max() ?? 0
        guard sessions >= Researcher.inSampleMinimum else {
            throw AgentError(
                "its symbols have \(sessions) sessions in sample; a strategy needs"
                    + " \(Researcher.inSampleMinimum)"
            )
        }
        guard tried.count < limit else {
            throw AgentError(
                "\(limit) strategies were tested or proposed already, and no more may be at this"
                    + " date"
            )
        }
        tried.append((strategy, hash))
        return (strategy, hash)
    }

    /// Reads a strategy and proposes it.
    /// - Throws: As ``record(_:)``.
    @discardableResult
    func propose(_ note: JSON) throws -> Strategy {
        let (strategy, hash) = try record(note)
        proposed.insert(hash)
        return strategy
    }
}
