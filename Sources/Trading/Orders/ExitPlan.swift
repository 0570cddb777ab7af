// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How a position will be left, settled before it is entered.
public struct ExitPlan: Sendable, Hashable {
    /// The most sessions that a holding limit may name.
    public static let longestHold = 100_000
    /// The most bytes of the invalidation text.
    public static let longestText = 2_000

    /// The price at which the loss is taken; nil for none.
    public let stop: Price?
    /// The price at which the gain is taken; nil for none.
    public let target: Price?
    /// The sessions with a price, the entry's included, after which the lot is closed at the next
    /// open; nil for no limit.
    public let holdLimit: Int?
    /// What would show that the idea was wrong, for people.
    public let invalidation: String
    /// The same as a condition over closed bars; nil for none.
    ///
    /// A lot is closed at the open after a close at which it holds; see ``Invalidation``.
    public let invalidIf: String?
    /// How sure the asker is, from 0 to 1.
    public let confidence: Decimal8?
    /// What is lost when the stop is hit, as the asker reckons it; above zero.
    public let riskInCurrency: Money
    /// Where stop and target lie from the price of the entry's fill, in place of ``stop`` and
    /// ``target``; nil for each that is not so measured.
    public let stopOffset: ExitOffset?
    /// As ``stopOffset``, for the target.
    public let targetOffset: ExitOffset?

    /// Checks a plan, which needs a stop or a holding limit.
    /// - Throws: A ``TradingError`` with code `planWithoutEnd` or `invalidPlan`.
    public init(
        stop: Price?,
        target: Price?,
        holdLimit: Int?,
        invalidation: String,
        confidence: Decimal8?,
        riskInCurrency: Money,
        stopOffset: ExitOffset? = nil,
        targetOffset: ExitOffset? = nil,
        invalidIf: String? = nil
    ) throws(TradingError) {
        guard stop != nil || holdLimit != nil || stopOffset != nil else {
            throw TradingError(
                .planWithoutEnd,
                "make an exit plan",
                "it needs a stop or a holding limit"
            )
        }
        if let holdLimit, !(1...Self.longestHold).contains(holdLimit) {
            throw Self.invalid("a holding limit has from 1 to \(Self.longestHold) sessions")
        }
        if let confidence, confidence < .zero || confidence > Decimal8(1) {
            throw Self.invalid("a confidence lies from 0 to 1")
        }
        guard riskInCurrency > .zero else { throw Self.invalid("the risk must be above zero") }
        for text in [invalidation, invalidIf ?? ""] where text.utf8.count > Self.longestText {
            throw Self.invalid("the invalidation has at most \(Self.longestText) bytes")
        }
        guard stop == nil || stopOffset == nil, target == nil || targetOffset == nil else {
            throw Self.invalid("a stop or a target is a price or an offset, not both")
        }
        self.stop = stop
        self.target = target
        self.holdLimit = holdLimit
        self.invalidation = invalidation
        self.confidence = confidence
        self.riskInCurrency = riskInCurrency
        self.stopOffset = stopOffset
        self.targetOffset = targetOffset
        self.invalidIf = invalidIf
    }

    /// The plan of an engine that decides at every close whether a lot is held on.
    init(decidedAtCloses text: String, stopOffset: ExitOffset?, targetOffset: ExitOffset?) {
        stop = nil
        target = nil
        holdLimit = nil
        invalidation = text
        confidence = nil
        riskInCurrency = .zero
        invalidIf = nil
        self.stopOffset = stopOffset
        self.targetOffset = targetOffset
    }

    /// The price of the stop for an entry that was filled at a price.
    func stop(of entry: Price, _ side: Side) -> Price? {
        stop ?? stopOffset?.price(from: entry, isAbove: side == .sell)
    }

    /// The price of the target for an entry that was filled at a price.
    func target(of entry: Price, _ side: Side) -> Price? {
        target ?? targetOffset?.price(from: entry, isAbove: side == .buy)
    }

    /// Refuses a plan whose stop does not lie on the losing side of its target.
    func check(for side: Side) throws(TradingError) {
        guard let stop, let target else { return }
        guard side == .buy ? stop < target : stop > target else {
            throw Self.invalid(
                "a \(side.rawValue) needs its stop \(side == .buy ? "below" : "above") its target"
            )
        }
    }

    /// Whether a price lies strictly between the stop and the target.
    func allows(_ price: Price, for side: Side) -> Bool {
        let (low, high) = side == .buy ? (stop, target) : (target, stop)
        if let low, price <= low { return false }
        if let high, price >= high { return false }
        return true
    }

    private static func invalid(_ reason: String) -> TradingError {
        TradingError(.invalidPlan, "make an exit plan", reason)
    }
}
