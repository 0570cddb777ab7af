// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Evaluates a stream of JSON lines, each with an expression and its bindings.
///
/// A line is an object with the member `expr`, a string, and optionally `bindings`, an object that
/// is read like ``Bindings/init(json:)``, and `container`, a string that is taken as
/// ``Bindings/container``; both may be null, and other members are passed over. For every line, in
/// order, comes one line `{"value":…}` with a tagged value, or `{"error":"…"}`; a line that is
/// malformed gets an error that names it by its number, and the next line is read as if nothing was
/// wrong.
public struct BatchEvaluator: Sendable {
    /// The longest line that is read, 16 MiB; a longer one gets an error in its place.
    public static let longestLine = 16 << 20
    /// How many parsed expressions are kept for lines that repeat them.
    static let keptExpressions = 1021

    private let limits: ExpressionLimits
    private let zones: TimeZoneResolver?
    /// The last expression of each class of texts.
    private var expressions: [Expression?]
    private var pending: [UInt8] = []
    /// How much of what is pending is known to hold no line feed.
    private var scanned = 0
    private var isSkipping = false
    private var number = 0

    /// Makes an evaluator that has read nothing yet.
    public init(limits: ExpressionLimits = .standard, zones: TimeZoneResolver? = nil) {
        self.limits = limits
        self.zones = zones
        expressions = Array(repeating: nil, count: BatchEvaluator.keptExpressions)
    }

    /// Takes the next part of the stream, which may end anywhere, and appends the answers to all
    /// lines that are complete.
    public mutating func take(_ part: some Collection<UInt8>, answers: inout [UInt8]) {
        pending.append(contentsOf: part)
        var start = 0
        while let end = nextLineFeed() {
            number += 1
            if isSkipping {
                isSkipping = false
            } else {
                answer(start..<end, into: &answers)
            }
            start = end + 1
            scanned = start
        }
        if pending.count - start > BatchEvaluator.longestLine {
            if !isSkipping { refuseLongLine(into: &answers) }
            isSkipping = true
            start = pending.count
        }
        pending.removeFirst(start)
        scanned = pending.count
    }

    /// Answers the last line if it has no line feed.
    public mutating func finish(answers: inout [UInt8]) {
        guard !pending.isEmpty, !isSkipping else { return }
        number += 1
        answer(0..<pending.count, into: &answers)
        pending = []
        scanned = 0
    }

    private func nextLineFeed() -> Int? {
        pending.withUnsafeBufferPointer { octets in
            octets[scanned...].firstIndex(of: 0x0A)
        }
    }

    private mutating func answer(_ range: Range<Int>, into answers: inout [UInt8]) {
        let start = answers.count
        do throws(BatchError) {
            let line = try BatchLine(pending, in: range)
            let value = try evaluate(line)
            answers += #"{"value":"#.utf8
            value.appendTagged(to: &answers)
        } catch {
            answers.removeSubrange(start...)
            answers += #"{"error":"#.utf8
            Value.appendJSON(error.text(line: number), to: &answers)
        }
        answers += "}\n".utf8
    }

    private func refuseLongLine(into answers: inout [UInt8]) {
        let text = "input line \(number + 1): longer than \(BatchEvaluator.longestLine) bytes"
        answers += #"{"error":"#.utf8
        Value.appendJSON(text, to: &answers)
        answers += "}\n".utf8
    }

    private mutating func evaluate(_ line: BatchLine) throws(BatchError) -> Value {
        do throws(ExpressionError) {
            let slot = place(of: line.source)
            if let known = expressions[slot], known.source.hasSameOctets(as: line.source) {
                return try known.value(in: line.bindings, zones: zones)
            }
            let expression = try Expression(parsing: line.source, limits: limits)
            expressions[slot] = expression
            return try expression.value(in: line.bindings, zones: zones)
        } catch {
            throw .expression(error)
        }
    }

    /// Where a text's expression is kept.
    private func place(of source: String) -> Int {
        var sum: UInt32 = 2_166_136_261
        for octet in source.utf8 { sum = (sum ^ UInt32(octet)) &* 16_777_619 }
        return Int(sum % UInt32(BatchEvaluator.keptExpressions))
    }
}
