// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Every hypothesis that was ever tried on a desk, each once, however often it was said.
///
/// What counts at a place in desk time is what was said before that place, in whatever run. So the
/// same run again counts the same, though the book has grown meanwhile.
public struct TrialBook: Sendable, Equatable {
    private var byID: [ContentHash: Trial] = [:]
    private var byName: [ContentHash: ContentHash] = [:]
    private var lookSet: Set<Look> = []

    /// Makes a book without trials.
    public init() {}

    /// Takes in a line.
    /// - Returns: Whether it says anything that was not known.
    @discardableResult
    public mutating func take(_ line: TrialLine) -> Bool {
        switch line {
        case .trial(let trial):
            // The first place counts; of two at one place, the first in a fixed order.
            if let known = byID[trial.id], !Self.precedes(trial, known) { return false }
            byID[trial.id] = trial
            return true
        case .name(let name, let trial):
            guard byName[name] == nil else { return false }
            byName[name] = trial
            return true
        case .look(let look): return lookSet.insert(look).inserted
        }
    }

    private static func precedes(_ one: Trial, _ other: Trial) -> Bool {
        guard one.place == other.place else { return one.place < other.place }
        return (one.origin, one.family) < (other.origin, other.family)
    }

    /// The hypothesis that a maker wrote under a hash; nil for one that was never said.
    public func trial(named name: ContentHash) -> ContentHash? { byName[name] }

    /// All trials, oldest first.
    public var trials: [Trial] {
        byID.values.sorted { ($0.place, $0.id) < ($1.place, $1.id) }
    }

    /// All looks, oldest first.
    public var looks: [Look] {
        lookSet.sorted { ($0.place, $0.trial, $0.through) < ($1.place, $1.trial, $1.through) }
    }

    /// How many hypotheses were tried.
    public var count: Int { byID.values.reduce(0) { $0 + $1.count } }

    /// The lines from which the same book can be made, in a fixed order.
    public var lines: [TrialLine] {
        trials.map { .trial($0) }
            + byName.sorted { $0.key < $1.key }.map { .name($0.key, of: $0.value) }
            + looks.map { .look($0) }
    }

    /// What this book knows and another does not.
    public func lines(missingIn other: TrialBook) -> [TrialLine] {
        var rest = other
        return lines.filter { rest.take($0) }
    }

    /// The part of the book that counts before a place.
    public func excerpt(before place: Trial.Place) -> TrialExcerpt {
        TrialExcerpt(
            trials: trials.filter { $0.place < place },
            looks: looks.filter { $0.place < place }
        )
    }
}
