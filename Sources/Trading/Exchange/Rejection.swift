// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why an order is refused or ends unfilled.
public enum Rejection: String, Sendable, Hashable, CaseIterable {
    /// The id belongs to another order.
    case idReused = "id reused"
    /// The order claims to have been asked later than it is.
    case askedInFuture = "asked in the future"
    /// The desk is halted.
    case halted = "halted"
    /// The desk only closes positions.
    case reducing = "reducing"
    /// Somebody asked to close everything before the order was filled.
    case closingAll = "closing everything"
    /// The exchange does not lend instruments.
    case shortSalesOff = "short sales are not allowed"
    /// No open lot has the entry that the exit names.
    case noOpenLot = "no open lot of that entry"
    /// The exit's instrument, side or quantity is not that of the whole lot.
    case exitMismatch = "the exit does not match its lot"
    /// What is left of an entry is taken back, since its lot is being left.
    case leaving = "its lot is being left"
    /// Another exit closed the lot first.
    case lotClosed = "the lot is closed already"
    /// The open lies beyond the plan's stop or target.
    case planBroken = "the open lies beyond the stop or the target"
    /// The session was never as good as the order's limit.
    case beyondLimit = "the open lies beyond the limit"
    /// The free cash does not pay for the order and its fee.
    case insufficientCash = "insufficient cash"
    /// The free cash does not bear the margin of the order and its fee.
    case insufficientMargin = "insufficient margin"
    /// The account does not bear its margins, and everything is closed.
    case marginCall = "a margin call closes everything"
    /// The notional, or the account with it, exceeds what can be reckoned.
    case tooLarge = "too large"
    /// The broker did not take the order, or lost it, or it was taken back before it was filled.
    case notFilled = "the broker did not fill it"
    /// The instrument had no price for too many sessions.
    case noPrice = "no price within the waiting limit"
    /// The volumes of too many sessions did not fill it as a whole.
    case thinMarket = "too little was traded within the waiting limit"
    /// The market was locked at its limit for too many sessions.
    case lockedAtLimit = "locked at the limit for too many sessions"
}
