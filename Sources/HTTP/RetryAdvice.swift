// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a reply says about trying again.
public struct RetryAdvice: Sendable, Hashable {
    /// How long to wait, if the server says.
    public let delay: Duration?
    /// Whether to try again at all, if the server says.
    public let isWanted: Bool?

    /// Bundles advice.
    public init(delay: Duration? = nil, isWanted: Bool? = nil) {
        self.delay = delay
        self.isWanted = isWanted
    }

    /// Reads what the headers of a reply say.
    ///
    /// These are `x-should-retry`, `retry-after-ms` and `retry-after`, the last as seconds or as a
    /// date (RFC 9110, 10.2.3). What cannot be read counts as absent, and a date in the past as no
    /// wait.
    public init(_ head: HTTPHead, now: Instant) {
        switch head["x-should-retry"]?.lowercased() {
        case "true": isWanted = true
        case "false": isWanted = false
        default: isWanted = nil
        }
        delay =
            head["retry-after-ms"].flatMap(Self.milliseconds)
            ?? head["retry-after"].flatMap { text in
                Self.seconds(text)
                    ?? Self.date(text).map { .seconds(max(0, $0 - now.secondsSinceEpoch)) }
            }
    }

    /// Longer waits are taken for this one, so that no number of a server's overflows.
    private static let longestSeconds = 10_000_000.0

    private static func milliseconds(_ text: String) -> Duration? {
        number(text).map { .milliseconds(Int64(min($0, longestSeconds * 1000))) }
    }

    private static func seconds(_ text: String) -> Duration? {
        number(text).map { .milliseconds(Int64(min($0, longestSeconds) * 1000)) }
    }

    private static func number(_ text: String) -> Double? {
        guard (1...20).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }),
            let value = Double(text), value.isFinite
        else { return nil }
        return value
    }

    /// The seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Int64? {
        let words = text.split(separator: " ")
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]),
            let month = months.firstIndex(of: String(words[2])), let year = Int(words[3]),
            (1970...2261).contains(year),
            let date = CalendarDate(year: year, month: month + 1, day: day)
        else { return nil }
        let time = words[4].split(separator: ":").map { Int($0) ?? -1 }
        guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]),
            (0...60).contains(time[2])
        else { return nil }
        let second = time[0] * 3600 + time[1] * 60 + time[2]
        return Instant(date, secondOfDay: second).secondsSinceEpoch
    }
}
