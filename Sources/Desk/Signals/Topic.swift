// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a signal is about; subscribers name topics.
public enum Topic: String, Sendable, Hashable, CaseIterable {
    /// The bars of one instant, checked, with the hash of the whole snapshot.
    case bars
    /// A strategy to be tested.
    case proposal
    /// The wish to enter or leave a position now, under an approved strategy.
    case intent
    /// The result of a backtest.
    case report
    /// A judgement on a report or an intent, rule by rule.
    case verdict
    /// An order that was handed to the gateway.
    case order
    /// An order that was filled, refused or expired.
    case fill
    /// A position that was closed, with what it earned.
    case trade
    /// The state of the account as the risk agent saw it.
    case risk
    /// A limit broke and everything is being closed.
    case halt
    /// A proposed rule for a skill; becomes a branch and is delivered to nobody.
    case lesson
    /// The hypotheses tried so far: what the supervisor tells a verifier beside a report, and the
    /// returns that a verifier has computed of them. Nobody can subscribe to it.
    case trials

    /// The topics to which an agent may subscribe.
    public static let deliverable = allCases.filter { $0 != .lesson && $0 != .trials }
}
