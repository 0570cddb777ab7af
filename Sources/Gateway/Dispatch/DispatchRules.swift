// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How patient the dispatcher is, in ticks of its caller's.
public struct DispatchRules: Sendable, Hashable {
    /// How long an answer is waited for before the venue is asked how an order stands.
    public var patience = 4
    /// How long after an intent nothing of it can be on its way any more.
    public var horizon = 120
    /// How long a stop may be in doubt until its position is closed.
    public var stopPatience = 24
    /// How often the venue is surveyed when nothing is in doubt.
    public var surveyEvery = 30

    /// The defaults.
    public init() {}
}
