// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import Models

/// Sends spoiled answers of models through everything that reads them, and compares what is taken
/// with an oracle.
public struct ReplyStudy {
    /// What came of it.
    public struct Tally: Sendable {
        /// The answers sent.
        public var sent = 0
        /// Those of which something was taken.
        public var taken = 0
        /// Decisions to enter or to close that were taken.
        public var actions = 0
        /// Streams that came to an answer.
        public var answers = 0
        /// What was taken although the oracle says no, at most ten, with the reason.
        public var leaks: [String] = []
        /// How many leaks there were.
        public var leakCount = 0
    }

    private static let limitBytes = 1 << 16

    private var random: SeededRandom
    private let models: [String: ModelConfiguration]
    /// What came of all answers so far.
    public private(set) var tally = Tally()

    /// Begins a study.
    /// - Throws: A `DeskError` when its models cannot be made, which is a fault of the study.
    public init(seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        var models: [String: ModelConfiguration] = [:]
        for family in ["anthropic", "openai"] {
            let text = "models: {m: {family: \(family), url: http://127.0.0.1:9, model: m}}"
            models[family] = try ModelConfiguration.parse(text).first
        }
        self.models = models
    }

    /// Sends so many answers.
    public mutating func run(_ count: Int) {
        for _ in 0..<count {
            tally.sent += 1
            switch tally.sent % 4 {
            case 0: stream()
            case 1: oneSpoiled()
            default: decisions()
            }
        }
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }

    private mutating func decisions() {
        let text = ReplyTwist.text(pick(ReplyCorpus.whole), &random)
        if let reading = read(text) { note(reading, text) }
        // What is no decision must not become anything else either.
        if let opinion = ReplyReading.opinion(text), !text.contains("agrees") {
            leak("an opinion (\(opinion)) out of nothing", text)
        }
    }

    /// Spoils what is said of one symbol inside its value, and asks whether the others stand.
    private mutating func oneSpoiled() {
        let pieces = [
            ("BTC", ReplyCorpus.entry), ("ETH", ReplyCorpus.hold), ("SOL", ReplyCorpus.solana),
        ]
        let bad = Int.random(in: 0..<3, using: &random)
        let junk: [JSON] = [
            .null, 7, "buy", [], ["signal": "moon"], ["signal": .null],
            ["signal": "buy_to_enter", "quantity": "~1"], ["signal": "hold", "extra": 1],
        ]
        let members = pieces.enumerated().map { index, piece in
            "\"\(piece.0)\":\(index == bad ? pick(junk).compactText : piece.1)"
        }
        let text = "{\(members.joined(separator: ","))}"
        guard let reading = read(text) else { return leak("everything was lost", text) }
        note(reading, text)
        let others = pieces.indices.filter { $0 != bad }.map { pieces[$0].0 }
        if Set(reading.decisions.keys) != Set(others) {
            leak("one bad symbol changed the others", text)
        }
    }

    private func read(_ text: String) -> DecisionParser.Reading? {
        // What cannot be read decides nothing, which is what is hoped for.
        try? DecisionParser(facts: ReplyCorpus.facts).read(text)
    }

    private mutating func note(_ reading: DecisionParser.Reading, _ text: String) {
        if !reading.decisions.isEmpty { tally.taken += 1 }
        tally.actions += reading.decisions.values.count { $0.action != .hold }
        if let fault = ReplyOracle.fault(of: reading, in: text) { leak(fault, text) }
    }

    private mutating func stream() {
        let (family, plain) = pick(ReplyCorpus.streams)
        guard let model = models[family] else { return }
        let events = ReplyTwist.events(plain, &random)
        let ends = pick(["\n", "\r\n", "\r"])
        let bytes = Array(events.map { "data: \($0)\(ends)\(ends)" }.joined().utf8)
        var pieces: [[UInt8]] = []
        var place = 0
        while place < bytes.count {
            let next = min(bytes.count, place + Int.random(in: 1...200, using: &random))
            pieces.append(Array(bytes[place..<next]))
            place = next
        }
        do throws(ModelError) {
            let answer = try AnswerReading.stream(pieces, of: model, limitBytes: Self.limitBytes)
            tally.answers += 1
            let fault = ReplyOracle.fault(of: answer, from: events, limitBytes: Self.limitBytes)
            if let fault { leak(fault, events.joined(separator: "\n")) }
        } catch {
            if error.description.contains("\n") { leak("a reason of many lines", error.reason) }
        }
    }

    private mutating func leak(_ reason: String, _ text: String) {
        tally.leakCount += 1
        guard tally.leaks.count < 10 else { return }
        tally.leaks.append("\(reason): \(text)")
    }
}
