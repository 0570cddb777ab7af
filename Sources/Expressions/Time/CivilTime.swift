// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The parts of an instant on a calendar and a clock.
struct CivilTime: Sendable, Hashable {
    let year: Int64
    let month: Int64
    let day: Int64
    let secondOfDay: Int64
    let daysSinceEpoch: Int64

    /// Splits seconds since 1970, already moved by the offset of a time zone.
    init(localSeconds: Int64) {
        let days = CivilTime.floorDivide(localSeconds, 86_400)
        daysSinceEpoch = days
        secondOfDay = localSeconds - days * 86_400
        // The year is taken to begin in March, so that the leap day is the last of its year.
        let shifted = days + 719_468
        let era = CivilTime.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The number of days from 1970-01-01 to a date.
    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let marchMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The number of days of a month.
    static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
        let quotient = number / divisor
        return number % divisor < 0 ? quotient - 1 : quotient
    }

    /// The day of the year, 0 for the first of January.
    var dayOfYear: Int64 { daysSinceEpoch - CivilTime.days(year: year, month: 1, day: 1) }

    /// The day of the week, 0 for Sunday.
    var dayOfWeek: Int64 { ((daysSinceEpoch + 4) % 7 + 7) % 7 }
}
