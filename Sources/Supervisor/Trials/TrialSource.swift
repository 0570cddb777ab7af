// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// Finds trials and looks in what agents say.
final class TrialSource {
    private let strategies: any StrategyReader
    /// A strategy is said again and again, and reading one takes a while.
    private var known: [JSON: StrategyReading] = [:]

    /// The most readings that are remembered.
    static let memoryLimit = 10_000

    init(_ strategies: any StrategyReader) {
        self.strategies = strategies
    }

    /// What the lines depend on beside the signals.
    var fingerprint: String { strategies.fingerprint }

    /// What a strategy says without the words of its maker.
    func read(_ strategy: JSON) -> StrategyReading {
        if let reading = known[strategy] { return reading }
        let reading = strategies.read(strategy)
        if known.count >= Self.memoryLimit { known = [:] }
        known[strategy] = reading
        return reading
    }

    /// The lines of the ledger that a signal gives rise to.
    func lines(of signal: Signal, from origin: String, at place: Trial.Place) -> [TrialLine] {
        switch signal.topic {
        case .proposal, .report:
            guard let strategy = signal.body["strategy"], case .typed(let typed) = read(strategy)
            else { return [] }
            return [
                .trial(
                    Trial(
                        id: typed.hash,
                        family: typed.family,
                        strategy: typed.strategy,
                        place: place,
                        origin: origin
                    )
                ),
                .name(typed.original, of: typed.hash),
            ]
        case .verdict:
            guard let look = signal.body["look"],
                let trial = look["trial"]?.stringValue.flatMap({ ContentHash(hex: $0) }),
                let through = look["through"]?.stringValue.flatMap({ CalendarDate($0) })
            else { return [] }
            return [.look(Look(trial: trial, through: through, place: place))]
        default: return []
        }
    }
}
