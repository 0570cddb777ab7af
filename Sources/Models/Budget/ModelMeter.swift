// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk

/// Sees to it that no more is spent than may be.
public protocol ModelMeter: Sendable {
    /// What was set aside for one attempt.
    associatedtype Ticket: Sendable

    /// Sets aside what an attempt can cost at most, before it is made.
    /// - Throws: `overBudget` when that is more than is left; nothing is set aside then.
    func reserve(_ most: ModelUsage, _ model: ModelConfiguration) throws(ModelError) -> Ticket
    /// Books what an attempt has cost; the rest of what was set aside is free again.
    /// - Throws: `overBudget` when that cannot be kept, in which case all of it stays booked.
    func settle(_ ticket: Ticket, _ usage: ModelUsage) throws(ModelError)
}
