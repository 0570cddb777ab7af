// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Strategy settings")
struct StrategySettingsTests {
    private static let text = """
        {"schema": 1, "name": "s", "family": "f", "universe": ["AAA"], "side": "long",
         "parameters": {"k": 2, "part": 0.5, "bars": 7}, "features": {"width": "k * atr(3)"},
         "enter": "close > open", "exit": "close < open", "size": 1}
        """

    private func strategy(_ changes: [(String, String)]) throws -> Strategy {
        var text = Self.text
        for (from, to) in changes {
            #expect(text.contains(from))
            text = text.replacing(from, with: to)
        }
        return try Strategy(try JSON(parsing: text))
    }

    @Test("what was written before the optional members came keeps its hash")
    func oldHash() throws {
        let canonical = """
            {"enter":"close > open","exit":"close < open","family":"f",\
            "features":{"width":"k * atr(3)"},"parameters":{"bars":7,"k":2,"part":0.5},\
            "schema":1,"side":"long","size":1,"universe":["AAA"]}
            """

        let plain = try strategy([])
        let spelled = try strategy([
            (#""size": 1"#, #""size": 1, "lot": 1, "multiplier": 1.0, "costs": {"fee": 0}"#)
        ])

        #expect(plain.hash == ContentHash(of: Array(canonical.utf8)))
        #expect(spelled.hash == plain.hash)
    }

    @Test("every optional member is read, hashed and written back")
    func members() throws {
        let strategy = try strategy([
            (
                #""size": 1"#,
                """
                "units": 3, "lot": 0.001, "multiplier": 10, "invalidation": "low<1.0",
                "costs": {"fee": 0.001, "fee_per_unit": 2, "slippage": 0.0002,
                    "volume_share": 0.25, "latency": 2, "impact": 0.1},
                "stop": "part", "target": "width*2.0", "hold": "bars"
                """
            )
        ])

        #expect(strategy.units == 3 && strategy.lot == 0.001 && strategy.multiplier == 10)
        #expect(strategy.invalidation == "low < 1.0")
        #expect(
            strategy.costs
                == Costs(
                    feeRate: 0.001,
                    slippageRate: 0.0002,
                    feePerUnit: 2,
                    execution: Execution(volumeShare: 0.25, latency: 2, impact: 0.1)
                )
        )
        #expect(strategy.stop == 0.5 && strategy.stopDistance == nil)
        #expect(strategy.target == nil && strategy.targetDistance == "width * 2.0")
        #expect(strategy.hold == 7)
        #expect(strategy.json["stop"] == "part" && strategy.json["size"] == nil)
        let again = try Strategy(strategy.json)
        #expect(again == strategy && again.hash == strategy.hash)
        #expect(try strategy.hash != self.strategy([]).hash)
    }

    @Test("a strategy is bound to other values of its parameters")
    func binding() throws {
        let strategy = try strategy([(#""size": 1"#, #""size": "part", "hold": "bars""#)])

        let bound = try strategy.binding(["part": 0.25, "bars": 3])

        #expect(bound.size == 0.25 && bound.hold == 3)
        #expect(bound.parameters == ["k": 2, "part": 0.25, "bars": 3])
        #expect(bound.name == strategy.name && bound.hash != strategy.hash)
        #expect(try bound.binding(["part": 0.5, "bars": 7]) == strategy)
    }

    @Test(
        "a value that does not fit is refused by name",
        arguments: [
            (["nothing": 1.0], "no parameter 'nothing'; it has bars, k, part"),
            (["part": .nan], "the value of 'part' is nan"),
            (["part": 1.5], "strategy.size: expected above 0 and at most 1, found 1.5"),
            (["bars": 1.5], "strategy.hold: expected at least 1 bar, found 1.5"),
        ]
    )
    func badBinding(_ values: [String: Double], _ mention: String) throws {
        let strategy = try strategy([(#""size": 1"#, #""size": "part", "hold": "bars""#)])

        let error = #expect(throws: QuantError.self) { try strategy.binding(values) }

        #expect(error?.description.contains(mention) == true, "\(error?.description ?? "")")
    }

    @Test(
        "a fault is named with its path",
        arguments: [
            (#""size": 1, "units": 1"#, "give either 'size' or 'units'"),
            (#""lot": 1"#, "'size' is missing; give it or 'units'"),
            (#""size": "half""#, "strategy.size: expected a number or the name of a parameter"),
            (#""units": 0"#, "strategy.units: expected above 0"),
            (#""size": 1, "lot": 0"#, "strategy.lot"),
            (#""size": 1, "multiplier": -1"#, "strategy.multiplier"),
            (#""size": 1, "hold": "atr(3)""#, "strategy.hold: expected a number or the name"),
            (#""size": 1, "stop": "k""#, "strategy.stop: expected above 0 and at most 1, found 2"),
            (#""size": 1, "stop": "close > 1.0""#, "strategy.stop: it is true or false"),
            (#""size": 1, "target": "atr(k, 1)""#, "atr(n): it takes 1"),
            (#""size": 1, "target": "prt""#, "strategy.target: unknown name 'prt'"),
            (#""size": 1, "invalidation": "close""#, "strategy.invalidation: it is a number"),
            (#""size": 1, "invalidation": 1"#, "strategy.invalidation: expected a text"),
            (#""size": 1, "costs": {"fee": 1}"#, "strategy.costs.fee: expected at least 0"),
            (#""size": 1, "costs": {"fees": 0.1}"#, "unknown member 'fees'"),
            (#""size": 1, "costs": 0.1"#, "strategy.costs: expected an object"),
            (
                #""size": 1, "costs": {"volume_share": 2}"#,
                "the share of the volume must"
            ),
            (
                #""size": 1, "costs": {"latency": 0.5}"#,
                "costs.latency: expected whole"
            ),
            (#""size": 1, "costs": {"impact": -1}"#, "strategy.costs: the impact must be from 0"),
        ]
    )
    func faults(_ members: String, _ mention: String) throws {
        let error = #expect(throws: QuantError.self) {
            try strategy([(#""size": 1"#, members)])
        }

        #expect(error?.description.contains(mention) == true, "\(error?.description ?? "")")
    }
}
