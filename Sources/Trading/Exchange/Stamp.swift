// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A place in desk time: an instant and the round within it.
public struct Stamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The instant.
    public let time: Instant
    /// The round, from 0.
    public let round: Int

    /// Names a place in desk time.
    public init(time: Instant, round: Int) {
        self.time = time
        self.round = round
    }

    /// The instant and the round, for people.
    public var description: String { "\(time) round \(round)" }

    /// Orders stamps by time and then by round.
    public static func < (left: Stamp, right: Stamp) -> Bool {
        (left.time, left.round) < (right.time, right.round)
    }
}
