// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import Quant

/// What a command tries: one strategy, or many that are chosen from.
enum TriedStrategies {
    /// A strategy of expressions.
    case strategy(Strategy)
    /// A strategy that is a program, with the files that its command names.
    case program(PositionStrategy)
    /// A strategy with so many sets of parameters, as the words of a grid or of a refit say.
    case many(Strategy, words: String, count: Int)

    /// What is tried when a gate judges something.
    init(_ subject: GateSubject) {
        switch subject {
        case .strategy(let strategy): self = .strategy(strategy)
        case .program(let program, _): self = .program(program)
        }
    }

    /// The hash under which it is counted.
    var id: ContentHash { trial(by: "").id }

    /// What a ledger keeps of it.
    func trial(by command: String) -> Trial {
        switch self {
        case .strategy(let strategy):
            // It counts whether or not the desk trades its symbols.
            let reader = TypedStrategies(symbols: strategy.universe)
            guard case .typed(let typed) = reader.read(strategy.json) else {
                let id = TypedStrategy.hash(of: strategy)
                return Self.trial(id, strategy.family, .null, command)
            }
            return Self.trial(typed.hash, typed.family, typed.strategy, command)
        case .program(let program):
            return Self.trial(program.hash, program.family, .null, command)
        case .many(let strategy, let words, let count):
            let id = ContentHash(of: "\(TypedStrategy.hash(of: strategy)) \(words)")
            return Self.trial(id, strategy.family, .null, command, count: count)
        }
    }

    private static func trial(
        _ id: ContentHash,
        _ family: String,
        _ strategy: JSON,
        _ command: String,
        count: Int = 1
    ) -> Trial {
        Trial(
            id: id,
            family: family,
            strategy: strategy,
            place: .outside,
            origin: command,
            count: count
        )
    }
}
