// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How patient the dispatcher is, in ticks of its caller's.
public struct DispatchRules: Sendable, Hashable {
    /// How long an answer is waited for before the venue is asked how an order stands.
    public var patience = 4
    /// How long after an intent nothing of it can be on its way any more.
    public var horizon = 120
    /// How long a stop may be in doubt until its position is closed.
    public var stopPatience = 12
    /// Whether the venue refuses an id that it has ever taken, so that an order can be sent again
    /// without being doubled.
    public var uniqueIDs = false
    /// How often the venue is surveyed when nothing is in doubt.
    public var surveyEvery = 30
    /// How many surveys in a row must have other positions than are booked until that halts the
    /// desk; a venue that tells positions and executions one after the other needs some.
    public var disagreements = 1
    /// How many orders that close a position may be refused until that halts the desk.
    public var refusals = 5

    /// The defaults.
    public init() {}
}
