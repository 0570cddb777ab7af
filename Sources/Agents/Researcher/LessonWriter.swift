// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// Turns a losing trade into the one rule that would have kept it from being entered.
///
/// The rule names the circumstance that was most unusual at the entry, compared with the year
/// before, and forbids the same strategy family on the same symbol at least as far out. One loss
/// proves nothing: the rule is a proposal on a branch, and a person merges it or does not.
struct LessonWriter {
    let family: String
    let symbol: String
    /// What the market looked like at the entry, by name.
    let context: JSON
    /// How each value ranked among the year before, by name.
    let ranks: JSON

    /// The lesson of a trade.
    /// - Parameters:
    ///   - trade: The id of the trade's signal.
    ///   - loss: What the trade earned; below zero.
    ///   - date: The day on which it was closed.
    /// - Returns: Nil when the entry has no context to learn from.
    func lesson(trade: String, loss: Decimal8, date: CalendarDate) -> Lesson? {
        let distances = (ranks.objectValue ?? []).compactMap { rank in
            rank.value.doubleValue.map { (name: rank.name, rank: $0, distance: abs($0 - 0.5)) }
        }
        // The first of equals wins; the names stand in a fixed order.
        guard let worst = distances.max(by: { $0.distance < $1.distance }),
            let value = context[worst.name]?.doubleValue,
            let limit = Self.cut(value, isHigh: worst.rank >= 0.5)
        else { return nil }
        let isHigh = worst.rank >= 0.5
        let comparison = "context.\(worst.name) \(isHigh ? "<" : ">") \(limit)"
        // A symbol may have marks that a branch's name cannot have.
        let words = symbol.lowercased().split { ".-_".contains($0) }.map(String.init)
        let slug = [family] + words + [worst.name, isHigh ? "high" : "low"]
        return Lesson(
            slug: slug.joined(separator: "-"),
            date: date,
            subject: .intent,
            text: "\(symbol) by \(family) lost \((-loss).rounded(places: 2)) after an entry with"
                + " \(worst.name) \(isHigh ? "above" : "below")"
                + " \(rounded(worst.rank * 100, 0)) % of the year before.",
            predicate: "action == \"exit\" || family != \"\(family)\" || symbol != \"\(symbol)\""
                + " || \(comparison)",
            trade: trade
        )
    }

    /// The value rounded to four places so that it is itself forbidden, written as a double.
    private static func cut(_ value: Double, isHigh: Bool) -> String? {
        guard var limit = Decimal8(rounding: value)?.rounded(places: 4) else { return nil }
        let step = Decimal8(units: Decimal8.scale / 10_000)
        if isHigh, limit.doubleValue > value { limit -= step }
        if !isHigh, limit.doubleValue < value { limit += step }
        let text = limit.description
        return text.contains(".") ? text : "\(text).0"
    }
}
