// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One look that a verifier took at sealed data on behalf of a hypothesis.
public struct Look: Sendable, Hashable {
    /// The hypothesis.
    public let trial: ContentHash
    /// The last day that the look saw.
    public let through: CalendarDate
    /// Where in desk time it was taken.
    public let place: Trial.Place

    /// Notes a look.
    public init(trial: ContentHash, through: CalendarDate, place: Trial.Place) {
        self.trial = trial
        self.through = through
        self.place = place
    }
}
