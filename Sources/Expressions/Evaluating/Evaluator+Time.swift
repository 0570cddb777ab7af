// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension Evaluator {
    /// A part of an instant in a time zone; nil when there is no such accessor.
    mutating func part(
        _ name: String,
        of instant: Timestamp,
        _ arguments: [Value],
        at site: Site
    ) throws(ExpressionError) -> Int64? {
        let zone: String
        switch (arguments.count, arguments.first) {
        case (0, _): zone = "UTC"
        case (1, .string(let name)?): zone = name
        default: return nil
        }
        let offset = try offset(of: zone, at: instant, site: site)
        let civil = CivilTime(localSeconds: instant.seconds + offset)
        switch name {
        case "getFullYear": return civil.year
        case "getMonth": return civil.month - 1
        case "getDate": return civil.day
        case "getDayOfMonth": return civil.day - 1
        case "getDayOfYear": return civil.dayOfYear
        case "getDayOfWeek": return civil.dayOfWeek
        case "getHours": return civil.secondOfDay / 3600
        case "getMinutes": return civil.secondOfDay / 60 % 60
        case "getSeconds": return civil.secondOfDay % 60
        case "getMilliseconds": return Int64(instant.nanoseconds / 1_000_000)
        default: return nil
        }
    }

    /// A time span in a unit; nil when there is no such accessor.
    func part(_ name: String, of span: TimeSpan) -> Int64? {
        switch name {
        case "getHours": span.seconds / 3600
        case "getMinutes": span.seconds / 60
        case "getSeconds": span.seconds
        case "getMilliseconds": Int64(span.nanoseconds / 1_000_000)
        default: nil
        }
    }

    private mutating func offset(
        of zone: String,
        at instant: Timestamp,
        site: Site
    ) throws(ExpressionError) -> Int64 {
        if zone == "UTC" || zone.isEmpty { return 0 }
        if let fixed = fixedOffset(zone) { return fixed }
        if let rules = zoneRules[zone] { return rules.offset(at: instant.seconds) }
        guard Zone.isName(zone), let file = zones?(zone), let rules = ZoneRules(file) else {
            let message = "unknown time zone \(Value.string(String(zone.prefix(60))))"
            throw ExpressionError(.unknownTimeZone, message, at: site)
        }
        zoneRules[zone] = rules
        return rules.offset(at: instant.seconds)
    }

    /// `+HH:MM`, `-HH:MM` or `HH:MM`.
    private func fixedOffset(_ zone: String) -> Int64? {
        guard let first = zone.utf8.first else { return nil }
        var reader = OctetReader(Lexer.isDigit(first) ? "+" + zone : zone)
        guard first | 0x20 != UInt8(ascii: "z"), let offset = reader.zoneOffset(), reader.isAtEnd
        else { return nil }
        return offset
    }
}
