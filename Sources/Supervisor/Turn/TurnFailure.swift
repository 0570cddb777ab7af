// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why one attempt at a turn came to nothing.
struct TurnFailure: Error {
    /// What happened, the same words each time the same thing happens.
    let reason: String
    /// Whether it came from outside, such as a kill signal, and says nothing about the agent.
    let isForeign: Bool

    init(_ reason: String, isForeign: Bool = false) {
        self.reason = reason
        self.isForeign = isForeign
    }
}
