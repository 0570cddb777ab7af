// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// A slow and plain reading of cron expressions, to compare the real one with: it walks through
/// time minute by minute and watches the local clock.
struct PlainCron {
    private let fields: [Set<Int>]
    private let texts: [String]

    init(_ text: String) {
        texts = text.split(separator: " ").map(String.init)
        let ranges = [0...59, 0...23, 1...31, 1...12, 0...7]
        fields = zip(texts, ranges).map { text, range in
            var values: Set<Int> = []
            for part in text.split(separator: ",") {
                let halves = part.split(separator: "/")
                let step = halves.count == 2 ? Int(halves[1]) ?? 1 : 1
                let ends = halves[0].split(separator: "-").compactMap { Int($0) }
                let low = ends.first ?? range.lowerBound
                let high =
                    halves[0] == "*" ? (range.upperBound == 7 ? 6 : range.upperBound) : ends.last
                for value in range
                where value >= low && value <= high ?? low && (value - low) % step == 0 {
                    values.insert(value == 7 && range.upperBound == 7 ? 0 : value)
                }
            }
            return values
        }
    }

    /// Whether a minute of the local clock, counted from 1970, matches.
    private func matches(_ minute: Int) -> Bool {
        let day = minute >= 0 ? minute / 1440 : (minute - 1439) / 1440
        let date = CalendarDate(daysSinceEpoch: day)
        let rest = minute - day * 1440
        guard fields[0].contains(rest % 60), fields[1].contains(rest / 60),
            fields[3].contains(date.parts.month)
        else { return false }
        let (isDay, isWeekday) = (
            fields[2].contains(date.parts.day), fields[4].contains(date.weekday)
        )
        let isEither = !texts[2].contains("*") && !texts[4].contains("*")
        return isEither ? isDay || isWeekday : isDay && isWeekday
    }

    /// A span of time in minutes since 1970, and what the local clock shows from some hours before.
    struct Span {
        let from: Int
        let through: Int
        fileprivate let shown: [Int]
        fileprivate static let lead = 600

        init(from: Int, through: Int, in zone: Zone) {
            self.from = from
            self.through = through
            shown = (from - Self.lead...through).map { minute in
                minute + Int(zone.rules.offset(at: Int64(minute) * 60) / 60)
            }
        }
    }

    /// All fires of a span, in minutes since 1970, its first minute left out.
    func fires(in span: Span) -> [Int] {
        let isFixed = !(texts[0] + texts[1]).contains { "*/".contains($0) }
        // What was shown shortly before the span may be shown again in it.
        var shown = span.shown[...Span.lead].max() ?? 0
        var found: [Int] = []
        for (place, now) in span.shown.enumerated().dropFirst(Span.lead + 1) {
            let minute = span.from - Span.lead + place
            if !isFixed {
                if matches(now) { found.append(minute) }
                continue
            }
            if abs(now - span.shown[place - 1]) >= 180 { shown = now - 1 }
            if shown < now, ((shown + 1)...now).contains(where: matches) { found.append(minute) }
            shown = max(shown, now)
        }
        return found
    }
}
