// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Trading

/// A passed verdict on an intent: everything an order is made from, nothing anyone argued.
struct IntentVerdict {
    private let passed: PassedIntent

    /// Reads a verdict; nil for one that judges something else or did not pass.
    init?(_ signal: Signal) throws {
        guard let passed = try PassedIntent(signal) else { return nil }
        self.passed = passed
    }

    /// The verdict's id.
    var id: String { passed.verdict }
    /// The intent's id.
    var intent: String { passed.intent }
    /// `enter` or `exit`.
    var action: String { passed.action }
    var symbol: String { passed.symbol }
    var strategyHash: String { passed.strategy }
    /// The close at which the decision was made.
    var close: Decimal8 { passed.close }
    /// The last day on which an order may be made from it.
    var goodThrough: CalendarDate { passed.goodThrough }

    var isEntry: Bool { action == "enter" }

    /// The order's id, derived from the intent's so that asking twice cannot order twice.
    var orderName: String { "o-\(intent.split(separator: "-").last ?? "")" }

    /// What the gateway will let pass, as it reads the same verdict itself.
    func permit() throws(TradingError) -> OrderPermit {
        try OrderPermit(try MessageReader(passed.json, path: "verdict"))
    }
}

extension OrderPermit {
    /// The plan that leaves with an entry.
    ///
    /// Stop and target are measured from the limit or else the close, since the price of the fill
    /// is not known yet, and are prices that the venue of a contract takes; without a stop the
    /// whole position is what is risked.
    func plan(units: Quantity, by terms: ContractTerms?) throws(TradingError) -> ExitPlan {
        let size = try Quantity(units.value * (terms?.multiplier ?? Decimal8(1)))
        guard let notional = Money(limitPrice ?? close, size) else {
            throw TradingError(
                .outOfRange,
                "make an exit plan",
                "more than \(Money.largestNotional) would be at stake"
            )
        }
        // A stop beyond the whole price is none that a long position could be left at.
        let share = stop.map { min($0, Decimal8(1)) } ?? Decimal8(1)
        return try ExitPlan(
            stop: stopPrice(by: terms),
            target: targetPrice(by: terms),
            holdLimit: hold,
            invalidation: invalidIf == nil
                ? "the strategy's exit condition holds at a close"
                : "the strategy's invalidation holds at a close",
            confidence: confidence,
            riskInCurrency: Money(notional.value * share),
            invalidIf: invalidIf
        )
    }
}
