// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Trading

/// A passed verdict on an intent: everything an order is made from, nothing anyone argued.
struct IntentVerdict {
    /// The verdict's id.
    let id: String
    /// The intent's id.
    let intent: String
    /// `enter` or `exit`.
    let action: String
    let symbol: String
    /// `long` or `short`.
    let side: String
    let strategyHash: String
    /// The fraction of equity for the position.
    let size: Decimal8
    /// The close at which the decision was made.
    let close: Decimal8
    /// The last day on which an order may be made from it.
    let goodThrough: CalendarDate
    private let stop: Double?
    private let target: Double?
    private let hold: Int?

    /// Reads a verdict; nil for one that judges something else or did not pass.
    init?(_ signal: Signal) throws {
        let fields = try JSONFields(signal.body, path: "verdict")
        guard try fields.string("kind") == "intent", try fields.bool("passed") else { return nil }
        id = signal.id
        intent = try fields.string("subject")
        action = try fields.string("action")
        symbol = try fields.string("symbol")
        side = try fields.string("side")
        strategyHash = try fields.hash("strategy_hash").description
        guard let size = Decimal8(rounding: try fields.double("size")),
            let close = Decimal8(rounding: try fields.double("close")), close > .zero
        else { throw AgentError("verdict \(signal.id): size or close is out of range") }
        guard let goodThrough = CalendarDate(try fields.string("good_through")) else {
            throw AgentError("verdict \(signal.id): good_through is no date")
        }
        self.goodThrough = goodThrough
        self.size = size
        self.close = close
        stop = fields.optional("stop")?.doubleValue
        target = fields.optional("target")?.doubleValue
        hold = fields.optional("hold")?.intValue
    }

    var isEntry: Bool { action == "enter" }

    /// The order's id, derived from the intent's so that asking twice cannot order twice.
    var orderName: String { "o-\(intent.split(separator: "-").last ?? "")" }

    /// The plan that leaves with an entry.
    ///
    /// Stop and target are measured from the close, since the price of the fill is not known yet;
    /// without a stop the whole position is what is risked.
    func plan(notional: Decimal8) throws -> ExitPlan {
        let sign = side == "long" ? 1.0 : -1.0
        func level(_ fraction: Double?, _ direction: Double) throws -> Price? {
            guard let fraction, let factor = Decimal8(rounding: 1 + direction * sign * fraction)
            else { return nil }
            // Estimated first, since a product beyond the range of decimals cannot be reckoned. A
            // level that no price can reach is none.
            let estimate = close.doubleValue * factor.doubleValue
            guard estimate <= Price.highest.doubleValue else { return nil }
            let level = (close * factor).rounded(places: 6)
            return level > .zero ? try Price(level) : nil
        }
        let risk = stop.flatMap { Decimal8(rounding: $0) }.map { notional * $0 } ?? notional
        return try ExitPlan(
            stop: try level(stop, -1),
            target: try level(target, 1),
            holdLimit: hold,
            invalidation: "the strategy's exit condition holds at a close",
            confidence: nil,
            riskInCurrency: Money(risk)
        )
    }
}
