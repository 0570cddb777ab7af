// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Checks bars one by one as they arrive and remembers the last accepted time of each symbol.
public struct BarInspector: Sendable {
    /// What the bars must satisfy.
    public let rules: BarRules
    private var slots: [Symbol: Int] = [:]
    private var symbols: [Symbol] = []
    private var lastTimes: [Instant?] = []
    private var lastDays: [DayPrices?] = []
    private var current = -1

    /// Creates an inspector that has seen nothing.
    public init(rules: BarRules = BarRules()) {
        self.rules = rules
    }

    /// The time of the last accepted bar of a symbol.
    public func lastTime(of symbol: Symbol) -> Instant? {
        slots[symbol].flatMap { lastTimes[$0] }
    }

    /// Checks a bar and returns what is wrong with it, in a fixed order; empty for a good bar.
    ///
    /// A bar is accepted when all its faults are warnings. Only accepted bars are remembered.
    /// `now` is the desk time; without it nothing is in the future.
    public mutating func inspect(_ bar: Bar, line: Int? = nil, now: Instant? = nil) -> [BarFault] {
        selectSlot(of: bar.symbol)
        // The common case is decided without making a list.
        if bar.day == nil, hasGoodValues(bar), hasGoodTime(bar, now: now) {
            lastTimes[current] = bar.time
            return []
        }
        let faults =
            valueFaults(bar, line: line) + dayFaults(bar, after: lastDays[current], line: line)
            + timeFaults(bar, line: line, now: now)
        if faults.allSatisfy(\.kind.isWarning) {
            lastTimes[current] = bar.time
            lastDays[current] = bar.day
        }
        return faults
    }

    /// Returns whether faults leave a bar usable.
    public static func accepts(_ faults: [BarFault]) -> Bool {
        faults.allSatisfy(\.kind.isWarning)
    }

    /// Remembers that the bars of the symbol inspected last are accepted up to a time.
    mutating func skip(to time: Instant) {
        lastTimes[current] = time
    }

    private mutating func selectSlot(of symbol: Symbol) {
        if current >= 0, symbols[current] == symbol { return }
        if let slot = slots[symbol] {
            current = slot
            return
        }
        current = symbols.count
        slots[symbol] = current
        symbols.append(symbol)
        lastTimes.append(nil)
        lastDays.append(nil)
    }

    private func hasGoodValues(_ bar: Bar) -> Bool {
        bar.low > 0 && bar.low <= bar.open && bar.low <= bar.close && bar.open <= bar.high
            && bar.close <= bar.high && bar.high < Bar.priceLimit
            && bar.volume >= 0 && bar.volume < .infinity
    }

    private func hasGoodTime(_ bar: Bar, now: Instant?) -> Bool {
        if let now, rules.timing.completion(of: bar.time) > now { return false }
        if isOutOfSession(bar) { return false }
        guard let last = lastTimes[current] else { return true }
        return bar.time > last && !isGap(from: last, to: bar.time)
    }

    private func isOutOfSession(_ bar: Bar) -> Bool {
        guard !rules.tradesWeekends, rules.timing.isDaily else { return false }
        let weekday = bar.time.date.weekday
        return weekday == 0 || weekday == 6
    }

    private func isGap(from last: Instant, to time: Instant) -> Bool {
        guard let limit = rules.gapDays else { return false }
        return time.date.daysSinceEpoch - last.date.daysSinceEpoch > limit
    }
}

extension BarInspector {
    private func valueFaults(_ bar: Bar, line: Int?) -> [BarFault] {
        let prices = [
            ("open", bar.open), ("high", bar.high), ("low", bar.low), ("close", bar.close),
        ]
        var faults: [BarFault] = []
        func add(_ kind: BarFault.Kind, _ detail: String) {
            faults.append(BarFault(kind, of: bar, line: line, detail: detail))
        }
        for (name, value) in prices + [("volume", bar.volume)] where !value.isFinite {
            add(.notFinite, "\(name) is \(value); a number must be finite")
        }
        guard faults.isEmpty else { return faults }
        for (name, value) in prices where value <= 0 {
            add(.notPositive, "\(name) is \(value); a price must be above zero")
        }
        for (name, value) in prices where value >= Bar.priceLimit {
            add(.tooHigh, "\(name) is \(value); a price must be below \(Bar.priceLimit)")
        }
        if bar.volume < 0 {
            add(.negativeVolume, "volume is \(bar.volume); it must not be below zero")
        }
        guard bar.high >= bar.low else {
            add(.highBelowLow, "high \(bar.high) is below low \(bar.low)")
            return faults
        }
        for (name, value) in [("open", bar.open), ("close", bar.close)]
        where value < bar.low || value > bar.high {
            add(.priceOutsideRange, "\(name) \(value) is outside \(bar.low) to \(bar.high)")
        }
        return faults
    }

    private func timeFaults(_ bar: Bar, line: Int?, now: Instant?) -> [BarFault] {
        var faults: [BarFault] = []
        func add(_ kind: BarFault.Kind, _ detail: String) {
            faults.append(BarFault(kind, of: bar, line: line, detail: detail))
        }
        let completion = rules.timing.completion(of: bar.time)
        if let now, completion > now {
            add(.inTheFuture, "the bar is complete at \(completion) and it is only \(now)")
        }
        if isOutOfSession(bar) {
            let day = bar.time.date.weekday == 0 ? "Sunday" : "Saturday"
            add(.outOfSession, "there is no trading on a \(day)")
        }
        guard let last = lastTimes[current] else { return faults }
        if bar.time == last {
            add(.duplicate, "there is a bar of that time already")
        } else if bar.time < last {
            add(.outOfOrder, "the bar before it is of \(last)")
        } else if isGap(from: last, to: bar.time) {
            let days = bar.time.date.daysSinceEpoch - last.date.daysSinceEpoch
            add(.gap, "\(days) days lie between it and the bar before")
        }
        return faults
    }
}
