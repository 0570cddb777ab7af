// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What may be spent on a goal; a limit that is nil does not bind.
public struct GoalLimits: Sendable, Hashable {
    /// The most turns.
    public let turns: Int
    /// The most wall time since the goal's first turn, pauses and restarts included.
    public let wallTime: TimeLimit?
    /// The most tokens of language models.
    public let tokens: Int?
    /// The most money for language models.
    public let money: Decimal8?

    /// The most turns when the configuration does not say.
    public static let defaultTurns = 100

    /// Creates limits.
    public init(
        turns: Int = Self.defaultTurns,
        wallTime: TimeLimit? = nil,
        tokens: Int? = nil,
        money: Decimal8? = nil
    ) {
        self.turns = turns
        self.wallTime = wallTime
        self.tokens = tokens
        self.money = money
    }

    init(_ reader: inout YAMLReader, in node: YAMLNode, path: String) {
        turns = reader.int(
            "turns",
            in: node,
            path: path,
            range: 1...1_000_000,
            default: Self.defaultTurns
        )
        let time = "a time such as 30m, 2h or 3d"
        wallTime = reader.optional("wall_time", in: node, path: path, expected: time) {
            TimeLimit($0)
        }
        let number = "a whole number above 0"
        tokens = reader.optional("tokens", in: node, path: path, expected: number) { text in
            Int(text).flatMap { $0 > 0 ? $0 : nil }
        }
        let amount = "an amount above 0 such as 5.00"
        money = reader.optional("money", in: node, path: path, expected: amount) { text in
            Decimal8(text).flatMap { $0 > .zero ? $0 : nil }
        }
    }
}

extension YAMLReader {
    /// A scalar that a closure can read; nil when it is absent, nil and a fault when it is wrong.
    fileprivate mutating func optional<Result>(
        _ name: String,
        in node: YAMLNode,
        path: String,
        expected: String,
        _ read: (String) -> Result?
    ) -> Result? {
        guard node[name] != nil else { return nil }
        return scalar(name, in: node, path: path, expected: expected, read)
    }
}
