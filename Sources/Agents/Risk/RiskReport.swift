// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Expressions
import Trading

/// The account as the risk monitor judges it and tells of it.
struct RiskReport {
    let account: AccountReport
    let sectors: [RiskMarket.Sector]
    let events: [RiskMarket.Event]
    let day: CalendarDate

    init(_ account: AccountReport, _ market: RiskMarket, on day: CalendarDate) {
        self.account = account
        self.day = day
        sectors = market.sectors(of: account)
        events = market.events(of: account, on: day)
    }

    /// The names that rules for an account may read.
    ///
    /// Without equity nothing is a fraction of it, and a rule that reads one counts as broken.
    var bindings: Bindings {
        var values: [String: Value] = [
            "cash": .double(account.cash.value.doubleValue),
            "drawdown": .double(account.drawdown.doubleValue),
            "equity": .double(account.equity.value.doubleValue),
            "gross_exposure": .double(account.grossExposure.value.doubleValue),
            "lots": .int(Int64(account.lots.count)),
            "peak": .double(account.peak.value.doubleValue),
        ]
        let tomorrow = events.filter { $0.date <= day.nextWeekday }
        let exposed = tomorrow.reduce(Money.zero) { $0 + $1.worth }
        values["sector_exposure"] = fraction(sectors.map(\.worth).max() ?? .zero)
            .map { Value.double($0) }
        values["event_exposure"] = fraction(exposed).map { Value.double($0) }
        return Bindings(values)
    }

    /// The body of a `risk` signal.
    func body(_ judgements: [(skill: String, judgement: Judgement)]) -> JSON {
        [
            "equity": .string(account.equity.description),
            "cash": .string(account.cash.description),
            "peak": .string(account.peak.description),
            "drawdown": .double(account.drawdown.doubleValue),
            "state": .string(account.state.rawValue),
            "gross_exposure": .string(account.grossExposure.description),
            "positions": .array(
                account.positions.map {
                    [
                        "symbol": .string($0.instrument.description),
                        "quantity": .string($0.quantity.description),
                        "worth": .string($0.worth.description),
                    ]
                }
            ),
            "sectors": .array(
                sectors.map {
                    [
                        "sector": .string($0.name), "worth": .string($0.worth.description),
                        "fraction": fraction($0.worth).map { .number($0) } ?? .null,
                    ]
                }
            ),
            "events": .array(
                events.map {
                    [
                        "symbol": .string($0.symbol), "date": .string($0.date.description),
                        "worth": .string($0.worth.description),
                        "fraction": fraction($0.worth).map { .number($0) } ?? .null,
                    ]
                }
            ),
            "rules": .array(judgements.map { $0.judgement.json(of: $0.skill) }),
        ]
    }

    private func fraction(_ worth: Money) -> Double? {
        guard account.equity > .zero else { return nil }
        return worth.value.doubleValue / account.equity.value.doubleValue
    }
}
