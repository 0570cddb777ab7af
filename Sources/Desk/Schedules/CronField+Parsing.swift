// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension CronField {
    /// What a field says: a set of numbers, and how it says it.
    struct Content {
        /// Bit n is set when n matches.
        var values: UInt64 = 0
        /// Whether a `*` stands in the field, alone or with a step.
        var hasStar = false
        /// Whether a step stands in the field.
        var hasStep = false
    }

    /// Reads a field.
    func parse(_ text: Substring) throws(CronExpression.Fault) -> Content {
        var content = Content()
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard !part.isEmpty else { throw fault(text, "an empty place in a list") }
            try parse(part, into: &content)
        }
        if self == .dayOfWeek, content.values & (1 << 7) != 0 {
            content.values = content.values & ~(1 << 7) | 1
        }
        return content
    }

    private func parse(
        _ part: Substring,
        into content: inout Content
    ) throws(CronExpression.Fault) {
        let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let isStepped = halves.count == 2
        let bounds: ClosedRange<Int>
        if halves[0] == "*" {
            bounds = range.lowerBound...(self == .dayOfWeek ? 6 : range.upperBound)
            content.hasStar = true
        } else {
            bounds = try self.bounds(halves[0], of: part)
            guard !isStepped || halves[0].contains("-") else {
                throw fault(part, "a step goes with * or a range, as in */\(halves[1])")
            }
        }
        var step = 1
        if isStepped {
            guard let number = Int(halves[1]), (1...range.upperBound).contains(number),
                halves[1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else { throw fault(part, "a step is a number from 1 to \(range.upperBound)") }
            step = number
            content.hasStep = true
        }
        for value in stride(from: bounds.lowerBound, through: bounds.upperBound, by: step) {
            content.values |= 1 << UInt64(value)
        }
    }

    private func bounds(
        _ text: Substring,
        of part: Substring
    ) throws(CronExpression.Fault) -> ClosedRange<Int> {
        if let value = value(text) { return value...value }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, let first = value(ends[0]), let last = end(ends[1]) else {
            if let name = Self.extensionName(of: text) {
                throw fault(part, "\(name) is an extension that is not supported")
            }
            throw fault(part, "expected \(allowed)")
        }
        guard first <= last else {
            throw fault(part, "a range goes upwards; write it as two, joined by a comma")
        }
        return first...last
    }

    /// The extension of other tools that a text uses, if it uses one.
    private static func extensionName(of text: Substring) -> String? {
        if text.contains("?") { return "'?' (no value)" }
        if text.contains("#") { return "'#' (the nth weekday)" }
        let upper = text.uppercased()
        let rest = upper.drop { $0.isNumber || $0 == "-" }
        if rest == "W" || upper == "LW" { return "'W' (the nearest weekday)" }
        if rest == "L" || upper.hasPrefix("L-") { return "'L' (the last day)" }
        return nil
    }

    private func fault(_ text: Substring, _ message: String) -> CronExpression.Fault {
        CronExpression.Fault(message: "\(name) '\(text.prefix(40))': \(message)")
    }
}
