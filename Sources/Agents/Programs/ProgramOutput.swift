// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// What a program's lines say of how its run went; nothing but what is needed is kept of them.
struct ProgramOutput {
    private let report: ProgramReport?
    private(set) var final: JSON?
    private(set) var words: String?
    private var failure: JSON?

    /// The most characters of what is kept.
    static let wordLimit = 4000

    init(_ report: ProgramReport?) {
        self.report = report
    }

    /// Takes in a line; one that is no JSON object is passed over.
    mutating func take(_ line: [UInt8]) {
        guard let report, line.first(where: { $0 != 0x20 && $0 != 0x09 }) == 0x7B else { return }
        // Programs print much that is no event.
        guard let event = try? JSON(parsing: line) else { return }
        if report.failure?.matches(event) == true { failure = event }
        if report.final.matches(event) { final = event }
        if let place = report.text, (report.answer ?? report.final).matches(event),
            let text = event.member(at: place)?.stringValue
        {
            words = String(text.prefix(Self.wordLimit))
        }
    }

    /// Why the run did not do what it was to do, by what it printed; nil when it did.
    var fault: String? {
        guard let report else { return nil }
        if let failure { return reason(failure, "it says that it failed") }
        guard let final else {
            return "its output has no final event, so it did not come to its end"
        }
        if let place = report.failed, final.member(at: place) != .bool(false) {
            return reason(final, "it says that it failed")
        }
        guard let success = report.success, !success.matches(final) else { return nil }
        return reason(final, "it did not come to its end")
    }

    private func reason(_ event: JSON, _ fallback: String) -> String {
        guard let place = report?.reason, let text = event.member(at: place)?.stringValue,
            !text.isEmpty
        else {
            let kind = event.member(at: "subtype")?.stringValue
            return kind.map { "\(fallback): \($0)" } ?? fallback
        }
        return "\(fallback): \(text.prefix(500))"
    }

    /// What the run has cost; nil when it says nothing that can be counted.
    func spending(_ prices: ProgramPrices?) -> TurnSpending? {
        guard let report, let final else { return nil }
        let told = (report.input + report.output).compactMap { count(final, $0) }
        guard !told.isEmpty || report.cost.flatMap({ final.member(at: $0) }) != nil else {
            return nil
        }
        let input = sum(final, report.input)
        let cached = report.cached.flatMap { count(final, $0) } ?? 0
        let output = sum(final, report.output)
        let fresh = report.isCachedInInput ? max(0, input - cached) : input
        let tokens = min(fresh + cached + output, TurnSpending.limits.tokens)
        if let prices {
            let money = prices.cost(input: fresh, cached: cached, output: output)
            return TurnSpending(
                tokens: tokens,
                money: money.map { min($0, TurnSpending.limits.money) }
            )
        }
        return TurnSpending(tokens: tokens, money: report.cost.flatMap { money(final, $0) })
    }

    private func sum(_ event: JSON, _ places: [String]) -> Int {
        places.reduce(0) { $0 + (count(event, $1) ?? 0) }
    }

    private func count(_ event: JSON, _ place: String) -> Int? {
        event.member(at: place)?.intValue.map { min(max(0, $0), TurnSpending.limits.tokens) }
    }

    private func money(_ event: JSON, _ place: String) -> Decimal8? {
        guard let amount = event.member(at: place)?.doubleValue, amount >= 0 else { return nil }
        guard amount < TurnSpending.limits.money.doubleValue else {
            return TurnSpending.limits.money
        }
        // Rounded up, so that many small amounts do not come to nothing.
        let units = (amount * 1e8).rounded(.up)
        return Decimal8(units: Int64(units))
    }
}
