// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// When an agent runs without anybody asking.
public enum Schedule: Sendable, Hashable, CustomStringConvertible {
    /// At each bar of the market clock, which alone knows when that is.
    case bar
    /// At the multiples of a span since 1970, so that restarts do not shift them.
    case interval(TimeLimit)
    /// At the times of a cron expression on the clock of a zone.
    case cron(CronExpression, Zone)

    /// The word for the kind of a schedule in the history of a desk.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A bar of the market clock.
        case bar
        /// A multiple of a span.
        case every
        /// A time of a cron expression.
        case cron
    }

    /// The kind of the schedule.
    public var kind: Kind {
        switch self {
        case .bar: .bar
        case .interval: .every
        case .cron: .cron
        }
    }

    /// Whether it fires at each bar of the market clock.
    public var isBar: Bool { self == .bar }

    /// Whether it fires once at each start of the desk.
    public var isAtStart: Bool {
        guard case .cron(let expression, _) = self else { return false }
        return expression.isAtStart
    }

    /// The first fire later than an instant; nil when there is none or the clock does not tell.
    public func next(after instant: Instant) -> Instant? {
        switch self {
        case .bar: return nil
        case .interval(let span):
            return Self.grid(span, before: instant).flatMap { start in
                let (sum, overflow) = start.addingReportingOverflow(span.milliseconds * 1_000_000)
                return overflow ? nil : Instant(nanosecondsSinceEpoch: sum)
            }
        case .cron(let expression, let zone):
            return expression.fire(after: instant.secondsSinceEpoch, in: zone.rules)
                .flatMap { seconds in
                    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
                    return overflow ? nil : Instant(nanosecondsSinceEpoch: scaled)
                }
        }
    }

    /// The newest fire later than one instant and not later than another; nil when there is none.
    ///
    /// Of fires that were missed, it is the one to run. The cost does not depend on how many fires
    /// lie between.
    public func latest(after start: Instant, through end: Instant) -> Instant? {
        guard start < end else { return nil }
        if case .interval(let span) = self {
            guard let place = Self.grid(span, before: end) else { return nil }
            return place > start.nanosecondsSinceEpoch ? Instant(nanosecondsSinceEpoch: place) : nil
        }
        func fire(after seconds: Int64) -> Instant? {
            next(after: Instant(secondsSinceEpoch: seconds)).flatMap { $0 <= end ? $0 : nil }
        }
        guard var newest = next(after: start), newest <= end else { return nil }
        // The range is halved until no second fire is left in it.
        var low = newest.secondsSinceEpoch
        var high = end.secondsSinceEpoch
        while let later = fire(after: low) {
            newest = later
            low = later.secondsSinceEpoch
            let middle = low + (high - low) / 2
            if let later = fire(after: middle) {
                newest = later
                low = later.secondsSinceEpoch
            } else {
                high = middle
            }
        }
        return newest
    }

    /// Whether a replay runs the agent at a bar.
    ///
    /// Any span means every bar there; a cron expression fires at the first bar at or after each
    /// of its times, once however many lie between two bars.
    /// - Parameters:
    ///   - instant: The time of the bar.
    ///   - previous: The time of the bar before; nil for the first.
    ///   - start: Where the replay begins, for the first bar.
    /// - Returns: Whether it runs there.
    public func isDue(at instant: Instant, after previous: Instant?, since start: Instant) -> Bool {
        guard case .cron = self else { return true }
        if isAtStart { return previous == nil }
        return latest(after: previous ?? start.adding(seconds: -1), through: instant) != nil
    }

    /// The newest multiple of a span that is not later, in nanoseconds since 1970.
    private static func grid(_ span: TimeLimit, before instant: Instant) -> Int64? {
        let period = span.milliseconds * 1_000_000
        let now = instant.nanosecondsSinceEpoch
        let (quotient, rest) = now.quotientAndRemainder(dividingBy: period)
        let (start, overflow) = (rest < 0 ? quotient - 1 : quotient)
            .multipliedReportingOverflow(by: period)
        return overflow ? nil : start
    }

    /// The schedule as it is written in a configuration, with its zone.
    public var description: String {
        switch self {
        case .bar: "every bar"
        case .interval(let span): "every \(span)"
        case .cron(let expression, let zone): "cron \(expression) in \(zone)"
        }
    }
}
