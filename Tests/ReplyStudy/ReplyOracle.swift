// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Desk

/// Says independently of the parser what may be taken from a model.
enum ReplyOracle {
    /// What is wrong with decisions that were taken; nil when all of them may be.
    static func fault(of reading: DecisionParser.Reading, in text: String) -> String? {
        guard !reading.decisions.isEmpty else { return nil }
        guard isOneValue(text) else { return "something was taken out of prose" }
        let faulty = Set(reading.faults.map(\.symbol))
        for symbol in reading.decisions.keys.sorted() {
            guard let decision = reading.decisions[symbol],
                let known = ReplyCorpus.facts[symbol], decision.symbol == symbol
            else { return "\(symbol) is none that was asked about" }
            guard !faulty.contains(symbol) else { return "\(symbol) has a fault and a decision" }
            if let fault = fault(of: decision, known) { return "\(symbol): \(fault)" }
        }
        return nil
    }

    private static func fault(of decision: Decision, _ known: DecisionParser.Facts) -> String? {
        if let share = decision.confidence, !(share >= 0 && share <= 1) { return "confidence" }
        guard (1...40).contains(decision.leverage) else { return "leverage" }
        for number in [decision.quantity, decision.risk, decision.stopLoss, decision.profitTarget] {
            if let number, !(number >= 0 && number <= 1e12) { return "a number out of range" }
        }
        switch decision.action {
        case .hold: return nil
        case .close: return known.held == nil ? "closes what is not held" : nil
        case .enter(let side):
            guard known.held == nil, known.sides.contains(side) else { return "an illegal entry" }
            guard let stop = decision.stopLoss, let target = decision.profitTarget,
                let quantity = decision.quantity, quantity > 0, !decision.invalidation.isEmpty
            else { return "an entry without its plan" }
            let low = side == "long" ? stop : target
            let high = side == "long" ? target : stop
            return low < known.price && known.price < high ? nil : "a plan on the wrong side"
        }
    }

    /// Whether nothing stands before the first bracket and behind the last but a fence.
    private static func isOneValue(_ text: String) -> Bool {
        let invisible: Set<Unicode.Scalar> = [
            "\u{FEFF}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}",
        ]
        var body = String(
            String.UnicodeScalarView(text.unicodeScalars.filter { !invisible.contains($0) })
        )
        body = body.trimmed
        if body.hasPrefix("```"), body.hasSuffix("```"),
            let end = body.firstIndex(where: \.isNewline)
        {
            body = String(body[end...].dropLast(3)).trimmed
        }
        guard let first = body.unicodeScalars.first, let last = body.unicodeScalars.last else {
            return false
        }
        return "{[｛［".unicodeScalars.contains(first) && "}]｝］".unicodeScalars.contains(last)
    }

    /// What is wrong with an answer that was put together from a stream; nil when it may be used.
    static func fault(of answer: ModelAnswer, from events: [String], limitBytes: Int) -> String? {
        let text = events.joined()
        guard text.contains("message_stop") || text.contains("finish_reason") else {
            return "an answer without an end"
        }
        let size = answer.parts.reduce(0) { sum, part in
            if case .text(let text) = part { sum + text.utf8.count } else { sum }
        }
        guard size <= limitBytes else { return "an answer beyond the limit" }
        let read = try? ModelAnswer(json: answer.json)
        return read == answer ? nil : "an answer that does not read back"
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...].drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
