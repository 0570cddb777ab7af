// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The last look at an order before it may go to a venue, whoever asks.
///
/// A pure value: the verdict depends on the limits, the facts and the orders that were let through
/// before. It knows no strategy, no agent and no venue, and trusts none of them. Cancels are never
/// asked about; they always pass.
public struct OrderControls: Sendable {
    /// The limits that hold.
    public private(set) var limits: OrderLimits
    /// What is known of instruments.
    public let market: ControlMarket
    var history = OrderHistory()

    /// Why an order is refused.
    struct Refusal: Error {
        let limit: OrderLimit
        let reason: String

        init(_ limit: OrderLimit, _ reason: String) {
            self.limit = limit
            self.reason = reason
        }
    }

    /// Creates controls.
    public init(limits: OrderLimits, market: ControlMarket) {
        self.limits = limits
        self.market = market
    }

    /// Takes the stricter ones of the present and other limits.
    /// - Returns: The limits that have become stricter.
    @discardableResult
    public mutating func tighten(to other: OrderLimits) -> [OrderLimit] {
        let before = limits
        limits = limits.tightened(by: other)
        return limits.differences(from: before)
    }

    /// Notes an order that was let through, which later ones are judged by.
    public mutating func note(_ request: OrderRequest, at time: Instant) {
        history.note(request, at: time)
    }

    /// Counts an order that was refused and is kept on record.
    public mutating func noteRefused(at time: Instant) {
        history.count(at: time)
    }

    /// Judges an order; the first limit that it breaks is the answer.
    public func verdict(on request: OrderRequest, _ facts: ControlFacts) -> ControlVerdict {
        do throws(Refusal) {
            switch request.purpose {
            case .exit(let entry):
                try checkExit(request, of: entry, facts)
                try checkFlow(request, facts)
                try checkVerdict(request, facts)
            case .entry(let stop, let target):
                try checkEntry(request, facts)
                try checkFlow(request, facts)
                try checkVerdict(request, facts)
                let quote = try usableQuote(request, facts)
                try checkPrices(request, quote, stop: stop, target: target)
                try checkGrid(request, quote, stop: stop, target: target, facts)
                try checkSize(request, quote, stop: stop, facts)
                try checkMargin(request, quote, facts)
                try checkAccount(request, facts)
            }
            return .passed
        } catch {
            return .refused(error.limit, error.reason)
        }
    }
}
