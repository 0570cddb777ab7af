// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// A cron expression: five fields, or a nickname such as `@hourly`.
///
/// The day rule: when both day fields are restricted, a day matches that either of them names. A
/// field with a star in it, `*/2` included, is not restricted; then both fields must match.
public struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// The text, with single blanks between the fields.
    public let description: String
    /// Whether it fires once when the desk starts, and at no time of its own: `@reboot`.
    public let isAtStart: Bool
    /// Whether hour and minute are given as fixed times of day, without a star or a step.
    ///
    /// Such an expression fires exactly once for each of its local times; any other follows the
    /// wall clock, which may skip or repeat an hour.
    public let isFixed: Bool
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    /// Whether one of the two day fields is enough.
    private let eitherDayMatches: Bool

    /// Why a text is no cron expression.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// The field, what was found, and what is allowed, as one clause.
        public let message: String

        /// The message.
        public var description: String { message }
    }

    /// Reads an expression.
    /// - Throws: A ``Fault`` that names the field, the text, and what is allowed.
    public init(parsing text: String) throws(Fault) {
        let words = text.split { $0 == " " || $0 == "\t" }
        description = words.joined(separator: " ")
        isAtStart = description.lowercased() == "@reboot"
        let fields = try isAtStart ? ["*", "*", "*", "*", "*"] : Self.fields(words)
        var contents: [CronField.Content] = []
        for (field, text) in zip(CronField.allCases, fields) {
            contents.append(try field.parse(text))
        }
        minutes = contents[0].values
        hours = contents[1].values
        days = contents[2].values
        months = contents[3].values
        weekdays = contents[4].values
        eitherDayMatches = !contents[2].hasStar && !contents[4].hasStar
        isFixed = contents[..<2].allSatisfy { !$0.hasStar && !$0.hasStep }
    }

    /// The fields behind `CRON_TZ=Zone`, and the zone, when a text begins with one.
    public static func splitZone(_ text: String) -> (zone: String?, expression: String) {
        let mark = "CRON_TZ="
        let start = text.drop { $0 == " " || $0 == "\t" }
        guard start.hasPrefix(mark) else { return (nil, text) }
        let zone = start.dropFirst(mark.count).prefix { $0 != " " && $0 != "\t" }
        return (String(zone), String(start.dropFirst(mark.count + zone.count)))
    }

    private static let nicknames = [
        "@annually": "0 0 1 1 *", "@daily": "0 0 * * *", "@hourly": "0 * * * *",
        "@midnight": "0 0 * * *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@yearly": "0 0 1 1 *",
    ]

    private static func fields(_ words: [Substring]) throws(Fault) -> [Substring] {
        if let first = words.first, first.hasPrefix("@") {
            guard words.count == 1, let text = nicknames[first.lowercased()] else {
                let known = (nicknames.keys + ["@reboot"]).sorted().joined(separator: ", ")
                throw Fault(
                    message: "'\(words.joined(separator: " ").prefix(40))': no such nickname;"
                        + " allowed are \(known)"
                )
            }
            return text.split(separator: " ")
        }
        guard words.count == 5 else {
            let names = CronField.allCases.map(\.name).joined(separator: ", ")
            let more = words.count == 6 ? "; a field for seconds or years is not supported" : ""
            let count = words.count == 1 ? "1 field" : "\(words.count) fields"
            throw Fault(message: "found \(count); expected five: \(names)\(more)")
        }
        return words
    }

    /// Whether no day ever matches, as in `0 0 31 2 *`.
    public var neverFires: Bool {
        if isAtStart || eitherDayMatches { return false }
        let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return !lengths.enumerated().contains { index, length in
            months & (1 << UInt64(index + 1)) != 0
                && days & ((1 << UInt64(length + 1)) - 1) != 0
        }
    }

    /// The first matching minute of the local clock at or after one, in minutes since 1970.
    ///
    /// Nil when there is none. It goes day by day, and over months that do not match at once.
    func localMinute(atOrAfter minute: Int64) -> Int64? {
        guard !neverFires, !isAtStart else { return nil }
        let (quotient, rest) = minute.quotientAndRemainder(dividingBy: 1440)
        let first = Int(rest < 0 ? quotient - 1 : quotient)
        let minuteOfDay = Int(minute - Int64(first) * 1440)
        if matches(CalendarDate(daysSinceEpoch: first)), let found = time(from: minuteOfDay) {
            return Int64(first) * 1440 + Int64(found)
        }
        guard let start = time(from: 0) else { return nil }
        // The calendar repeats after 400 years, in which every possible day occurs.
        let last = first + 146_097
        var day = first + 1
        while day <= last {
            let date = CalendarDate(daysSinceEpoch: day)
            guard months & (1 << UInt64(date.parts.month)) != 0 else {
                day += date.lengthOfMonth - date.parts.day + 1
                continue
            }
            if matches(date) { return Int64(day) * 1440 + Int64(start) }
            day += 1
        }
        return nil
    }

    private func matches(_ date: CalendarDate) -> Bool {
        let (_, month, day) = date.parts
        guard months & (1 << UInt64(month)) != 0 else { return false }
        let isDay = days & (1 << UInt64(day)) != 0
        let isWeekday = weekdays & (1 << UInt64(date.weekday)) != 0
        return eitherDayMatches ? isDay || isWeekday : isDay && isWeekday
    }

    /// The first matching minute of a day at or after one.
    private func time(from minuteOfDay: Int) -> Int? {
        for hour in (minuteOfDay / 60)..<24 where hours & (1 << UInt64(hour)) != 0 {
            let first = hour == minuteOfDay / 60 ? minuteOfDay % 60 : 0
            let rest = minutes >> UInt64(first)
            if rest != 0 { return hour * 60 + first + rest.trailingZeroBitCount }
        }
        return nil
    }
}
