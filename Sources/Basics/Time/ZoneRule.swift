// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The yearly rule of a time zone in the form of the POSIX `TZ` variable, such as
/// `EST5EDT,M3.2.0,M11.1.0`.
struct ZoneRule: Sendable, Hashable {
    private let standardOffset: Int64
    private var summer: Summer?

    private struct Summer: Sendable, Hashable {
        let offset: Int64
        let start: Change
        let end: Change
    }

    /// The day of a year and the local time at which the clock is moved.
    private struct Change: Sendable, Hashable {
        enum Day: Sendable, Hashable {
            /// The day 1 to 365, the 29th of February never counted.
            case withoutLeapDay(Int)
            /// The day 0 to 365, the 29th of February counted.
            case withLeapDay(Int)
            /// A weekday of a month; week 5 is the last.
            case weekday(month: Int, week: Int, day: Int)
        }

        let day: Day
        let time: Int64

        /// The local seconds since 1970 of the change in a year.
        func seconds(year: Int) -> Int64 {
            Int64(days(year: year)) * 86_400 + time
        }

        private func days(year: Int) -> Int {
            let newYear = CalendarDate.days(year: year, month: 1, day: 1)
            switch day {
            case .withoutLeapDay(let number):
                return newYear + number - 1 + (CalendarDate.isLeap(year) && number >= 60 ? 1 : 0)
            case .withLeapDay(let number):
                return newYear + number
            case .weekday(let month, let week, let weekday):
                let first = CalendarDate.days(year: year, month: month, day: 1)
                let firstWeekday = ((first + 4) % 7 + 7) % 7
                var date = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
                if date >= CalendarDate.length(ofMonth: month, year: year) { date -= 7 }
                return first + date
            }
        }
    }

    /// Reads a rule; nil when it is malformed.
    init?(_ text: ArraySlice<UInt8>) {
        var reader = RuleReader(text)
        guard ZoneRule.skipName(&reader), let west = ZoneRule.time(&reader) else { return nil }
        standardOffset = -west
        guard !reader.isAtEnd else { return }
        guard ZoneRule.skipName(&reader) else { return nil }
        var offset = standardOffset + 3600
        if reader.next != UInt8(ascii: ",") {
            guard let west = ZoneRule.time(&reader) else { return nil }
            offset = -west
        }
        guard let start = ZoneRule.change(&reader), let end = ZoneRule.change(&reader),
            reader.isAtEnd
        else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    /// The offset in seconds east of UTC at an instant.
    func offset(at seconds: Int64) -> Int64 {
        guard let summer else { return standardOffset }
        let year = year(at: seconds)
        let start = summer.start.seconds(year: year) - standardOffset
        let end = summer.end.seconds(year: year) - summer.offset
        let isSummer =
            start < end
            ? start <= seconds && seconds < end
            : seconds < end || start <= seconds
        return isSummer ? summer.offset : standardOffset
    }

    /// The moments near an instant at which the clock may be moved, sorted; empty when it never is.
    ///
    /// Those of the years before and after are among them, so that there is one on either side.
    func changes(near seconds: Int64) -> [Int64] {
        guard let summer else { return [] }
        let year = year(at: seconds)
        return ((year - 1)...(year + 1)).flatMap { year in
            [
                summer.start.seconds(year: year) - standardOffset,
                summer.end.seconds(year: year) - summer.offset,
            ]
        }.sorted()
    }

    private func year(at seconds: Int64) -> Int {
        let local = seconds + standardOffset
        let (days, rest) = local.quotientAndRemainder(dividingBy: 86_400)
        return CalendarDate(daysSinceEpoch: Int(rest < 0 ? days - 1 : days)).parts.year
    }

    private static func skipName(_ reader: inout RuleReader) -> Bool {
        if reader.accept("<") {
            while let octet = reader.next, octet != UInt8(ascii: ">") { reader.advance() }
            return reader.accept(">")
        }
        var length = 0
        while let octet = reader.next, octet | 0x20 >= 0x61, octet | 0x20 <= 0x7A {
            reader.advance()
            length += 1
        }
        return length >= 3
    }

    /// Hours, and optionally minutes and seconds, with an optional sign.
    private static func time(_ reader: inout RuleReader) -> Int64? {
        let isNegative = reader.accept("-")
        if !isNegative { _ = reader.accept("+") }
        guard let hours = reader.number().map(Int64.init), hours <= 167 else { return nil }
        var seconds = hours * 3600
        for unit: Int64 in [60, 1] {
            guard reader.accept(":") else { break }
            guard let part = reader.number().map(Int64.init), part < 60 else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    private static func change(_ reader: inout RuleReader) -> Change? {
        guard reader.accept(","), let day = day(&reader) else { return nil }
        guard reader.accept("/") else { return Change(day: day, time: 7200) }
        return time(&reader).map { Change(day: day, time: $0) }
    }

    private static func day(_ reader: inout RuleReader) -> Change.Day? {
        if reader.accept("M") {
            guard let month = reader.number(), reader.accept("."),
                let week = reader.number(), reader.accept("."),
                let day = reader.number(),
                (1...12).contains(month), (1...5).contains(week), day < 7
            else { return nil }
            return .weekday(month: month, week: week, day: day)
        }
        let skipsLeapDay = reader.accept("J")
        guard let number = reader.number(), number <= 365, !skipsLeapDay || number > 0 else {
            return nil
        }
        return skipsLeapDay ? .withoutLeapDay(number) : .withLeapDay(number)
    }
}

/// Takes a rule apart, octet by octet.
private struct RuleReader {
    private var rest: ArraySlice<UInt8>

    init(_ octets: ArraySlice<UInt8>) {
        rest = octets
    }

    var isAtEnd: Bool { rest.isEmpty }
    var next: UInt8? { rest.first }

    mutating func advance() { rest = rest.dropFirst() }

    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard let next, UInt32(next) == character.value else { return false }
        advance()
        return true
    }

    /// A number of one to six digits.
    mutating func number() -> Int? {
        let digits = rest.prefix(6).prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        return decimal(digits)
    }
}
