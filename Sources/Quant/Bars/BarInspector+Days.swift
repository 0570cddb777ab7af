// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What may be wrong with what the venue says of a bar's day.
extension BarInspector {
    func dayFaults(_ bar: Bar, after last: DayPrices?, line: Int?) -> [BarFault] {
        guard let day = bar.day else { return [] }
        func fault(_ kind: BarFault.Kind, _ detail: String) -> BarFault {
            BarFault(kind, of: bar, line: line, detail: detail)
        }
        var faults: [BarFault] = []
        for (name, price) in day.named {
            guard let price else { continue }
            if price <= 0 {
                faults.append(
                    fault(.notPositive, "\(name) is \(price); a price must be above zero")
                )
            } else if price >= Bar.priceLimit {
                let most = "a price must be below \(Bar.priceLimit)"
                faults.append(fault(.tooHigh, "\(name) is \(price); \(most)"))
            }
        }
        if let detail = Self.beyondLimits(bar, day) { faults.append(fault(.beyondLimits, detail)) }
        if let detail = unsettled(bar, day) { faults.append(fault(.priceOutsideRange, detail)) }
        for (now, before) in zip(day.named, last?.named ?? []) where lacks(now, before, bar) {
            let what =
                now.name == BarField.settlement.name
                ? "the day is settled at its close" : "the day has no such limit"
            faults.append(
                fault(.dayUnknown, "\(now.name) is empty, and the row before has one; \(what)")
            )
        }
        return faults
    }

    private static func beyondLimits(_ bar: Bar, _ day: DayPrices) -> String? {
        if let up = day.limitUp, let down = day.limitDown, down > up {
            return "limit_down \(down) is above limit_up \(up)"
        }
        for (name, price) in [("high", bar.high), ("settlement", day.settlement ?? bar.high)] {
            if let up = day.limitUp, price > up {
                return "\(name) \(price) is above limit_up \(up)"
            }
        }
        for (name, price) in [("low", bar.low), ("settlement", day.settlement ?? bar.low)] {
            guard let down = day.limitDown, price < down else { continue }
            return "\(name) \(price) is below limit_down \(down)"
        }
        return nil
    }

    /// A day's average price lies among its prices; a shorter bar knows only some of them.
    private func unsettled(_ bar: Bar, _ day: DayPrices) -> String? {
        guard isDaily(bar), bar.volume > 0, let settlement = day.settlement,
            settlement < bar.low || settlement > bar.high
        else { return nil }
        return "settlement \(settlement) is outside \(bar.low) to \(bar.high)"
    }

    /// Whether a price is missing that should be there; within a day there is no settlement yet.
    private func lacks(
        _ now: (name: String, price: Double?),
        _ before: (name: String, price: Double?),
        _ bar: Bar
    ) -> Bool {
        guard now.price == nil, before.price != nil else { return false }
        return isDaily(bar) || now.name != BarField.settlement.name
    }

    /// Rules of any market do not know how long bars are.
    private func isDaily(_ bar: Bar) -> Bool {
        rules.timing.isDaily && bar.time == Instant(bar.time.date)
    }
}
