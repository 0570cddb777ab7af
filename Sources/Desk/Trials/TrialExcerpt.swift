// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a verifier is told of the trials before its turn: rules, families and looks, no names.
public struct TrialExcerpt: Sendable, Hashable {
    /// The trials, oldest first.
    public let trials: [Trial]
    /// The looks, oldest first.
    public let looks: [Look]

    /// The most strategies that are told; of more, the newest, and the others count.
    public static let strategyLimit = 5_000

    /// Collects trials and looks.
    public init(trials: [Trial], looks: [Look]) {
        self.trials = trials
        self.looks = looks
    }

    /// How many hypotheses were tried.
    public var count: Int { trials.reduce(0) { $0 + $1.count } }

    /// How many families they belong to.
    public var families: Int { Set(trials.map(\.family)).count }

    /// The body of the signal that says so.
    ///
    /// Where in time a trial was first said is the maker's business, so trials and looks are
    /// sorted by their hashes.
    /// - Parameter names: The families that are called by their names.
    /// - Returns: An object whose members are in a fixed order.
    public func body(known names: Set<String>) -> JSON {
        // An idea that had its look has to be known again by what it earned.
        let looked = Set(looks.map(\.trial))
        let known = trials.filter { $0.strategy != .null }
        let old = known.dropLast(Self.strategyLimit).filter { looked.contains($0.id) }
        let told = (old + known.suffix(Self.strategyLimit)).sorted { $0.id < $1.id }
        return [
            "count": .int(Int64(count)),
            "families": .int(Int64(families)),
            "trials": .array(
                told.map { trial in
                    [
                        "trial": .string(trial.id.description),
                        "family": .string(Self.plain(trial.family, names)),
                        "strategy": trial.strategy,
                    ]
                }
            ),
            "looks": .array(
                Set(looks.map { JSON.look($0) }).sorted { $0.compactText < $1.compactText }
            ),
        ]
    }

    /// A family as a verifier is told it: by name if the desk knows it, else by a hash.
    public static func plain(_ family: String, _ known: Set<String>) -> String {
        known.contains(family) ? family : "family-\(ContentHash(of: family).short)"
    }
}

extension JSON {
    fileprivate static func look(_ look: Look) -> JSON {
        [
            "trial": .string(look.trial.description),
            "through": .string(look.through.description),
        ]
    }
}
