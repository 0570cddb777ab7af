// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The fields that a blind reader is given of a signal.
///
/// They are numbers, times, symbols of the desk, and words out of short lists. Everything else
/// stays behind.
///
/// Reports, proposals and intents are about strategies, which need a ``StrategyReader``; here is
/// what can be said of the rest.
public struct BlindSchema: Sendable {
    /// What a field may be.
    enum Kind {
        case number
        case decimal
        case time
        case truth
        case symbol
        case word([String])
    }

    private let symbols: Set<String>

    /// Knows the symbols of a desk.
    public init(symbols: [String]) {
        self.symbols = Set(symbols)
    }

    /// The typed fields of a body; a field of another kind is left out like one that is not listed.
    public func fields(of topic: Topic, _ body: JSON) -> [JSON.Member] {
        Self.table(topic).compactMap { name, kind in
            body[name].flatMap { plain($0, kind) }.map { JSON.Member(name, $0) }
        }
    }

    /// A symbol of the desk; nil for any other text.
    public func symbol(_ value: JSON?) -> JSON? { value.flatMap { plain($0, .symbol) } }

    /// `enter` or `exit`; nil for any other text.
    public func action(_ value: JSON?) -> JSON? {
        value.flatMap { plain($0, .word(["enter", "exit"])) }
    }

    private func plain(_ value: JSON, _ kind: Kind) -> JSON? {
        switch kind {
        case .number: value.doubleValue.map { Self.number($0) }
        case .decimal:
            value.stringValue.flatMap { Decimal8($0) }.map { .string($0.description) }
        case .time:
            value.stringValue.flatMap { Instant($0) }.map { .string($0.description) }
        case .truth: value.boolValue.map { .bool($0) }
        case .symbol: value.stringValue.flatMap { symbols.contains($0) ? .string($0) : nil }
        case .word(let words):
            value.stringValue.flatMap { words.contains($0) ? .string($0) : nil }
        }
    }

    /// A number in its only spelling.
    private static func number(_ value: Double) -> JSON {
        Int64(exactly: value).map { .int($0) } ?? .double(value)
    }

    private static let sides = Kind.word(["buy", "sell", "long", "short"])

    private static func table(_ topic: Topic) -> [(String, Kind)] {
        switch topic {
        case .fill:
            [
                ("state", .word(["filled", "rejected", "expired", "unplaced"])),
                ("symbol", .symbol), ("side", sides), ("quantity", .decimal),
                ("price", .decimal), ("fee", .decimal), ("time", .time),
            ]
        case .trade:
            [
                ("symbol", .symbol), ("side", sides), ("quantity", .decimal),
                ("entry_price", .decimal), ("exit_price", .decimal), ("opened", .time),
                ("closed", .time), ("sessions", .number), ("pnl", .decimal), ("fees", .decimal),
            ]
        case .order:
            [
                ("action", .word(["enter", "exit"])), ("symbol", .symbol), ("side", sides),
                ("quantity", .decimal), ("state", .word(["accepted", "rejected"])),
            ]
        case .risk, .halt:
            [("equity", .decimal), ("drawdown", .number)]
        case .verdict:
            [("kind", .word(["report", "intent"])), ("passed", .truth), ("symbol", .symbol)]
        case .bars: [("time", .time)]
        case .proposal, .report, .intent, .lesson, .trials: []
        }
    }
}
