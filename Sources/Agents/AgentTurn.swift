// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk

/// An agent's work as a function: the same input gives the same output, whoever calls it.
///
/// What an agent may read besides its input (a feed, a view of the market, the gateway) is handed
/// over when the value is made, and answers the same way within one turn.
public protocol AgentTurn {
    /// Does one turn.
    /// - Throws: When the turn cannot be done; nothing has been said then.
    func turn(_ input: TurnInput) throws -> TurnOutput
}
