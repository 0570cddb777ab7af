// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Processes

/// What does not work on a live desk, as it is told to others.
///
/// Much is tried again each second and seems well for a moment in between. So a trouble counts
/// until it has not been seen for a while.
public struct DeskHealth {
    /// Something that does not work.
    public struct Trouble: Sendable, Hashable {
        /// What and why, as one line.
        public let reason: String
        /// When it was seen first.
        public let since: Instant

        /// The trouble for programs.
        public var json: JSON {
            ["reason": .string(reason), "since": .string(since.description)]
        }
    }

    /// What part of the desk is in trouble.
    enum Part: Int, Comparable {
        case storage
        case gateway

        static func < (left: Part, right: Part) -> Bool { left.rawValue < right.rawValue }
    }

    private var known: [Part: (trouble: Trouble, seenAt: MonotonicInstant)] = [:]

    /// How long a trouble counts after it was last seen; a calm desk looks every four seconds.
    static let memory: Duration = .seconds(5)

    /// What does not work, the disk before the gateway; empty when all is well.
    var troubles: [Trouble] { known.sorted { $0.key < $1.key }.map(\.value.trouble) }

    /// Takes note that a part does not work now, for the newest reason.
    mutating func note(_ part: Part, _ reason: String, at now: Moment) {
        let trouble = Trouble(
            reason: reason.split(whereSeparator: \.isNewline).joined(separator: " "),
            since: known[part]?.trouble.since ?? now.wall
        )
        known[part] = (trouble, now.steady)
    }

    /// Forgets what has not been seen for a while.
    mutating func forget(at now: MonotonicInstant) {
        known = known.filter { now < $0.value.seenAt.advanced(by: Self.memory) }
    }
}
