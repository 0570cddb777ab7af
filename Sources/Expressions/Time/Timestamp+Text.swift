// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Timestamp: CustomStringConvertible {
    /// The instant in RFC 3339 form, in UTC, with as many fraction digits as it needs.
    public var description: String {
        let civil = CivilTime(localSeconds: seconds)
        let date = [
            Timestamp.padded(civil.year, to: 4),
            Timestamp.padded(civil.month, to: 2),
            Timestamp.padded(civil.day, to: 2),
        ].joined(separator: "-")
        let clock = [
            Timestamp.padded(civil.secondOfDay / 3600, to: 2),
            Timestamp.padded(civil.secondOfDay / 60 % 60, to: 2),
            Timestamp.padded(civil.secondOfDay % 60, to: 2),
        ].joined(separator: ":")
        return "\(date)T\(clock)\(Timestamp.fraction(nanoseconds))Z"
    }

    /// Reads an RFC 3339 date and time with its offset; nil when it is malformed or out of range.
    public init?(_ text: String) {
        var reader = OctetReader(text)
        guard let year = reader.digits(4), reader.accept("-"),
            let month = reader.digits(2), reader.accept("-"),
            let day = reader.digits(2), reader.accept("T") || reader.accept("t"),
            let hour = reader.digits(2), reader.accept(":"),
            let minute = reader.digits(2), reader.accept(":"),
            let second = reader.digits(2)
        else { return nil }
        var nanosecond: Int32 = 0
        if reader.accept(".") {
            guard let fraction = reader.fraction() else { return nil }
            nanosecond = fraction
        }
        guard let offset = reader.zoneOffset(), reader.isAtEnd,
            (1...12).contains(month), hour < 24, minute < 60, second < 60,
            day >= 1, day <= CivilTime.length(ofMonth: month, year: year)
        else { return nil }
        let days = CivilTime.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(seconds: seconds, nanoseconds: nanosecond)
    }

    /// The digits of a fraction of a second with its point, empty for none.
    static func fraction(_ nanoseconds: Int32) -> String {
        guard nanoseconds != 0 else { return "" }
        var digits = padded(Int64(nanoseconds), to: 9)
        while digits.hasSuffix("0") { digits.removeLast() }
        return "." + digits
    }

    private static func padded(_ number: Int64, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
