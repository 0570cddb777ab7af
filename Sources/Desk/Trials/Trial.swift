// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One hypothesis that was tried on a desk, and where in desk time it was first said.
public struct Trial: Sendable, Hashable {
    /// A place in desk time: an instant and a round within it.
    public struct Place: Sendable, Hashable, Comparable {
        /// Desk time; nil for what was tried outside of any turn, which is before everything.
        public let time: Instant?
        /// The round within the instant.
        public let round: Int

        /// Names a place.
        public init(time: Instant?, round: Int) {
            self.time = time
            self.round = round
        }

        /// The place of what was tried outside of any turn.
        public static let outside = Place(time: nil, round: 0)

        /// Orders places in time; what is outside comes first.
        public static func < (left: Place, right: Place) -> Bool {
            switch (left.time, right.time) {
            case (nil, nil): left.round < right.round
            case (nil, _): true
            case (_, nil): false
            case (let one?, let other?): (one, left.round) < (other, right.round)
            }
        }
    }

    /// The hash of its rules without any name, by which it is counted once.
    public let id: ContentHash
    /// The family that it was first put into.
    public let family: String
    /// The strategy in typed form; null when only the count of several is known.
    public let strategy: JSON
    /// Where it was first said.
    public let place: Place
    /// Who said it: the folder of an agent, or a command such as `sweep`.
    public let origin: String
    /// How many hypotheses it stands for: 1, or as many as a sweep ran through.
    public let count: Int

    /// Notes a trial.
    public init(
        id: ContentHash,
        family: String,
        strategy: JSON,
        place: Place,
        origin: String,
        count: Int = 1
    ) {
        self.id = id
        self.family = family
        self.strategy = strategy
        self.place = place
        self.origin = origin
        self.count = count
    }
}
