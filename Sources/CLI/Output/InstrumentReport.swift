// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Trading

/// What `instruments` prints about one instrument.
struct InstrumentReport {
    let instrument: Instrument
    let hours: MarketHours
    let moment: (instant: Instant, value: MarketMoment)?
    let figures: [InstrumentFigure]

    private var terms: InstrumentTerms { instrument.terms }

    /// The object that `--json` prints; what the tables do not say is null.
    var json: JSON {
        var members = [
            JSON.Member("code", .string(instrument.code)),
            JSON.Member("product", .string(terms.product)),
            JSON.Member("kind", .string(terms.kind.rawValue)),
            JSON.Member("marketplace", .string(terms.marketplace.rawValue)),
            JSON.Member("on", .string(instrument.date.description)),
            JSON.Member("delivery", Self.text(instrument.delivery)),
            JSON.Member("currency", .string(terms.currency)),
            JSON.Member("multiplier", .string(terms.multiplier.description)),
            JSON.Member("tick", Self.text(tick)),
            JSON.Member("lot", .string(terms.lot.description)),
            JSON.Member("least_notional", Self.text(terms.leastNotional)),
            JSON.Member("settlement", .string(terms.settlement.description)),
            JSON.Member("close_today_order", .bool(terms.marketplace.asksForCloseToday)),
            JSON.Member("sessions", .array(sessions.map { .string($0) })),
            JSON.Member("effective_from", .string(terms.effectiveFrom.description)),
            JSON.Member("source", .string(terms.source)),
            JSON.Member("charges", charges),
            JSON.Member("leverage", leverage),
        ]
        if let moment { members.append(JSON.Member("session", Self.json(moment.value))) }
        members += figures.map { JSON.Member($0.name, $0.json) }
        return .object(members)
    }

    /// Prints a table.
    func say(to console: Console) {
        let delivery = instrument.delivery.map { ", delivered in \($0)" } ?? ""
        console.say(
            "\(instrument.code): \(terms.kind.rawValue) at \(terms.marketplace.rawValue)\(delivery)"
                + ", as of \(instrument.date)\n"
        )
        var rows = [
            ("multiplier", terms.multiplier.description),
            ("prices", grid),
            ("quantity", "multiples of \(terms.lot)"),
            ("currency", terms.currency),
            ("settled", terms.settlement.description),
            ("sessions", sessions.joined(separator: ", ")),
            ("from", "\(terms.effectiveFrom): \(terms.source)"),
        ]
        if let charges = instrument.charges {
            let margin = charges.marginRate.map { "\(Decimal8(units: $0.units * 100))%" }
            rows.append(("margin rate", margin ?? "unknown"))
            rows.append(
                (
                    "fees",
                    "\(charges.open), closing \(charges.close), same day \(charges.closeToday)"
                )
            )
            rows.append(("fees from", "\(charges.effectiveFrom): \(charges.source)"))
        } else {
            rows.append(("margin and fees", "unknown on this date"))
        }
        if let moment { rows += Self.rows(moment.value) }
        rows += figures.map { ($0.label, $0.value?.description ?? "unknown") }
        console.table(rows)
    }

    private var tick: Decimal8? {
        if case .step(let step, _) = terms.grid { step } else { nil }
    }

    private var grid: String {
        switch terms.grid {
        case .step(let step, let fine):
            "multiples of \(step)" + (fine.map { ", below 1 of \($0)" } ?? "")
        case .figures(let figures, let decimals):
            "at most \(figures) figures and \(decimals) decimals; whole numbers always"
        }
    }

    private var sessions: [String] {
        hours.sessions.parts.map { part in
            let name = part.isNight ? "night " : ""
            return "\(name)\(Self.clock(part.open))-\(Self.clock(part.close))"
        }
    }

    private var charges: JSON {
        guard let charges = instrument.charges else { return .null }
        return [
            "margin_rate": Self.text(charges.marginRate),
            "maintenance_rate": Self.text(charges.maintenanceRate),
            "open": Self.json(charges.open),
            "close": Self.json(charges.close),
            "close_today": Self.json(charges.closeToday),
            "maker": charges.maker.map { Self.json($0) } ?? .null,
            "effective_from": .string(charges.effectiveFrom.description),
            "source": .string(charges.source),
        ]
    }

    private var leverage: JSON {
        guard let tiers = instrument.tiers else { return .null }
        return [
            "highest": .int(Int64(tiers.highest)),
            "threshold": Self.text(tiers.threshold),
            "highest_above": .int(Int64(tiers.highestAbove)),
            "size_decimals": .int(Int64(tiers.sizeDecimals)),
        ]
    }

    private static func json(_ fee: Fee) -> JSON {
        ["rate": .string(fee.rate.description), "per_lot": .string(fee.perLot.description)]
    }

    private static func json(_ moment: MarketMoment) -> JSON {
        [
            "phase": .string(moment.phase.rawValue),
            "trading_day": text(moment.tradingDay),
            "note": .string(moment.note),
            "next_open": .string(moment.nextOpen.description),
        ]
    }

    private static func rows(_ moment: MarketMoment) -> [(String, String)] {
        [
            ("market", "\(moment.phase.rawValue) (\(moment.note))"),
            ("trading day", moment.tradingDay?.description ?? "none"),
            ("open at", moment.nextOpen.description),
        ]
    }

    private static func text(_ value: (some CustomStringConvertible)?) -> JSON {
        value.map { .string($0.description) } ?? .null
    }

    private static func clock(_ second: Int) -> String {
        let minute = second / 60 % 60
        let hour = second / 3600 == 24 ? 24 : second / 3600 % 24
        return (hour < 10 ? "0\(hour)" : "\(hour)") + (minute < 10 ? ":0\(minute)" : ":\(minute)")
    }
}
