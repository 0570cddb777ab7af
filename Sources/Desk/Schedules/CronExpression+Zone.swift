// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Finds fires on the time line from the local clock of a zone; all times in seconds since 1970.
///
/// A fixed local time fires when the local clock first shows it or a later time: in the first of
/// two equal hours, and right after the change when it is skipped. Changes of three hours and more
/// are corrections: what they skip is skipped, and what they repeat fires again.
extension CronExpression {
    /// Changes of the clock below this are daylight saving.
    private static let correction: Int64 = 3 * 3600

    /// The first fire later than an instant.
    func fire(after seconds: Int64, in zone: ZoneRules) -> Int64? {
        isFixed ? fixedFire(after: seconds, in: zone) : plainFire(after: seconds, in: zone)
    }

    /// The first instant later than another at which the local clock shows a matching time.
    private func plainFire(after seconds: Int64, in zone: ZoneRules) -> Int64? {
        var from = seconds + 1
        var found: (start: Int64, minute: Int64)?
        while true {
            let period = zone.period(at: from)
            let start = Self.minute(atOrAfter: from + period.offset)
            // What was found for an earlier minute is still the first one while it lies ahead.
            if found.map({ !($0.start <= start && start <= $0.minute) }) ?? true {
                guard let minute = localMinute(atOrAfter: start) else { return nil }
                found = (start, minute)
            }
            guard let minute = found?.minute else { return nil }
            let fire = minute * 60 - period.offset
            if fire < period.end { return fire }
            from = period.end
        }
    }

    private func fixedFire(after seconds: Int64, in zone: ZoneRules) -> Int64? {
        var shown = Self.latestShown(upTo: seconds, in: zone)
        var start = seconds
        var repeatedFrom = seconds
        while let minute = localMinute(atOrAfter: Self.minute(atOrAfter: shown + 1)) {
            let fire = Self.instant(showing: minute * 60, after: start, in: zone)
            shown = minute * 60
            if let change = Self.firstRepetition(after: repeatedFrom, through: fire, in: zone) {
                // The clock was set far back before: what it shows from then on counts again.
                start = change - 1
                repeatedFrom = change
                shown = change + zone.period(at: change).offset - 1
            } else if let fire {
                return fire
            }
        }
        return nil
    }

    /// When a correction first sets the clock back, later than one instant and not later than
    /// another; nil when none does.
    private static func firstRepetition(
        after start: Int64,
        through end: Int64?,
        in zone: ZoneRules
    ) -> Int64? {
        guard let end else { return nil }
        var period = zone.period(at: start)
        while period.end <= end {
            let next = zone.period(at: period.end)
            if period.end > start, period.offset - next.offset >= correction { return period.end }
            period = next
        }
        return nil
    }

    /// The latest time that the local clock has shown so far, changes that count as corrections
    /// forgotten.
    private static func latestShown(upTo seconds: Int64, in zone: ZoneRules) -> Int64 {
        var period = zone.period(at: seconds)
        var latest = seconds + period.offset
        // Further back nothing can have been shown that is later than now.
        while period.start > seconds - 2 * ZoneRules.largestOffset {
            let before = zone.period(at: period.start - 1)
            guard before.offset - period.offset < correction else { break }
            latest = max(latest, period.start - 1 + before.offset)
            period = before
        }
        return latest
    }

    /// When the local clock first shows a time or a later one; nil when a correction skips it.
    private static func instant(
        showing local: Int64,
        after seconds: Int64,
        in zone: ZoneRules
    ) -> Int64? {
        var period = zone.period(at: max(seconds + 1, local - ZoneRules.largestOffset))
        while local - period.offset >= period.end {
            period = zone.period(at: period.end)
        }
        let instant = local - period.offset
        guard instant < period.start else { return max(instant, seconds + 1) }
        let before = zone.period(at: period.start - 1)
        return period.offset - before.offset < correction ? period.start : nil
    }

    /// The first whole minute at or after a second.
    private static func minute(atOrAfter seconds: Int64) -> Int64 {
        let (quotient, rest) = seconds.quotientAndRemainder(dividingBy: 60)
        return rest > 0 ? quotient + 1 : quotient
    }
}
