// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@testable import Quant

@Suite("Strategies without a word of their makers")
struct TypedStrategyTests {
    static let plain: JSON = [
        "schema": 1, "name": "plain", "family": "trend", "universe": ["AAA", "BBB"],
        "side": "long", "parameters": ["fast": 20, "slow": 50], "frames": ["week": "1w"],
        "features": [
            "spread": "sma(close, fast) - sma(close, slow)",
            "up": ["frame": "week", "value": "close > lag(close, 1)"],
        ],
        "enter": "up && spread > 0", "exit": "spread < 0", "size": "share", "hold": 10,
    ]

    static let symbols = Set(["AAA", "BBB"].compactMap { Symbol($0) })

    static func typed(_ changes: [JSON.Member] = []) throws -> TypedStrategy {
        let names = changes.map(\.name)
        let members = (plain.objectValue ?? []).filter { !names.contains($0.name) }
        let parameters: JSON = ["fast": 20, "slow": 50, "share": .double(0.5)]
        let strategy = try Strategy(
            .object(
                members.map { $0.name == "parameters" ? .init("parameters", parameters) : $0 }
                    + changes
            )
        )
        return try TypedStrategy(strategy, family: "trend", symbols: symbols)
    }

    @Test("names are given by position, and the form is a fixed point")
    func positions() throws {
        let typed = try Self.typed()

        #expect(typed.strategy.enter == "f1 && f2 > 0")
        #expect(typed.strategy.features["f2"]?.expression == "sma(close, p2) - sma(close, p3)")
        #expect(typed.strategy.features["f1"]?.frame == "t1")
        #expect(typed.strategy.parameters == ["p1": 0.5, "p2": 20, "p3": 50])
        #expect(typed.strategy.name == typed.hash.short)
        let again = try TypedStrategy(typed.strategy, family: "trend", symbols: Self.symbols)
        #expect(again == typed)
        #expect(TypedStrategy.hash(of: typed.strategy) == typed.hash)
    }

    @Test(
        "names, order, spelling, stated costs and parts that nothing reads change nothing",
        arguments: [
            [.init("name", "another")], [.init("family", "another")],
            [.init("universe", ["BBB", "AAA"])], [.init("exit", "spread<  0 // gone")],
            [.init("enter", "up && spread > 0x0")], [.init("costs", ["fee": .double(0.01)])],
            [
                .init("parameters", ["a": 20, "b": 50, "c": .double(0.5), "idle": 9]),
                .init(
                    "features",
                    [
                        "w": ["frame": "month", "value": "close > lag(close, 1)"],
                        "idle": "close", "d": "sma(close, a) - sma(close, b)",
                    ]
                ),
                .init("frames", ["month": "1w", "idle": "1d"]), .init("size", "c"),
                .init("enter", "w && d > 0"), .init("exit", "d < 0"),
            ],
        ] as [[JSON.Member]]
    )
    func sameRules(changes: [JSON.Member]) throws {
        #expect(try Self.typed(changes) == Self.typed())
    }

    @Test(
        "other rules have another hash",
        arguments: [
            .init("enter", "up && spread >= 0"), .init("hold", 11), .init("side", "short"),
            .init("universe", ["AAA"]), .init("size", .double(0.25)),
            .init("stop", .double(0.1)),
        ] as [JSON.Member]
    )
    func otherRules(change: JSON.Member) throws {
        #expect(try Self.typed([change]).hash != Self.typed().hash)
    }

    @Test(
        "what could carry words has no typed form",
        arguments: [
            (.init("enter", "up || 'word' == 'x'"), .freeText),
            (.init("enter", "up || [1, 2].exists(word, word > 1)"), .freeText),
            (.init("universe", ["WORD"]), .unknownSymbol),
        ] as [(JSON.Member, TypedStrategy.Fault)]
    )
    func faults(change: JSON.Member, fault: TypedStrategy.Fault) throws {
        #expect(throws: fault) { try Self.typed([change]) }
    }
}
