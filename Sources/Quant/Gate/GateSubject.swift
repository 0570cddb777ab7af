// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What is to be judged: a strategy of expressions, or a program with what runs it.
public enum GateSubject: Sendable {
    /// A strategy whose decisions are expressions.
    case strategy(Strategy)
    /// A strategy that is a program; the closure takes its words and its input, and gives its
    /// output.
    case program(PositionStrategy, run: @Sendable ([String], [UInt8]) throws -> [UInt8])

    /// What people call it.
    public var name: String {
        switch self {
        case .strategy(let strategy): strategy.name
        case .program(let strategy, _): strategy.name
        }
    }

    /// The idea that it belongs to.
    public var family: String {
        switch self {
        case .strategy(let strategy): strategy.family
        case .program(let strategy, _): strategy.family
        }
    }

    /// The instruments, sorted.
    public var universe: [Symbol] {
        switch self {
        case .strategy(let strategy): strategy.universe
        case .program(let strategy, _): strategy.universe
        }
    }

    /// The hash of everything but the name.
    public var hash: ContentHash {
        switch self {
        case .strategy(let strategy): strategy.hash
        case .program(let strategy, _): strategy.hash
        }
    }

    /// What trading costs by its own account; nil when it does not say.
    public var costs: Costs? {
        switch self {
        case .strategy(let strategy): strategy.costs
        case .program(let strategy, _): strategy.costs
        }
    }

    /// Whether deciding anew is costly, because a program has to be started.
    var isProgram: Bool {
        guard case .program = self else { return false }
        return true
    }

    /// The bars that it trades, one series per symbol.
    /// - Throws: A ``QuantError`` when a symbol has none or two.
    func series(in history: [BarSeries]) throws(QuantError) -> [BarSeries] {
        var result: [BarSeries] = []
        for symbol in universe {
            let series = try PreparedStrategy.series(of: symbol, in: history)
            _ = try series.requireFinitePrices()
            result.append(series)
        }
        return result
    }
}
