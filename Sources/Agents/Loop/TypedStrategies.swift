// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
public import Quant

/// Reads the strategies of one desk for its supervisor.
public struct TypedStrategies: StrategyReader {
    private let symbols: Set<Symbol>
    private let families: Set<String>

    /// Counts up whenever a strategy comes to be read in another way.
    private static let version = 1

    /// Knows the symbols of a desk, and the families that have a name for everybody.
    public init(_ desk: DeskConfiguration) {
        self.init(symbols: desk.market.symbols.compactMap { Symbol($0) })
    }

    /// Knows these symbols.
    public init(symbols: [Symbol]) {
        self.symbols = Set(symbols)
        families = Set(RoleSettings.families)
    }

    /// What a strategy says once every word of its maker's is taken out.
    public func read(_ strategy: JSON) -> StrategyReading {
        do {
            let original = try Strategy(strategy)
            let typed = try TypedStrategy(
                original,
                family: TrialExcerpt.plain(original.family, families),
                symbols: symbols
            )
            return .typed(
                TypedHypothesis(
                    hash: typed.hash,
                    strategy: typed.strategy.json,
                    original: original.hash,
                    family: original.family
                )
            )
        } catch let fault as TypedStrategy.Fault {
            return .fault(fault.rawValue)
        } catch {
            // Why it cannot be read is in its maker's words.
            return .fault(TypedStrategy.Fault.malformed.rawValue)
        }
    }

    /// The version of the form, with the symbols that it knows.
    public var fingerprint: String {
        "typed \(Self.version) \(symbols.map(\.description).sorted().joined(separator: ","))"
    }
}
