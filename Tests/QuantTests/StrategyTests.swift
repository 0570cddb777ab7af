// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Strategies")
struct StrategyTests {
    private static let text = """
        {"schema": 1, "name": "dip", "family": "ibs", "universe": ["MSFT", "AAPL"],
         "side": "long", "parameters": {"level": 0.2, "slow": 50},
         "features": {"trend": "close > sma(close, slow)", "dip": "ibs() < level && trend"},
         "enter": "dip", "exit": "ibs() > 0.8", "size": 0.5, "stop": 0.05, "hold": 5}
        """

    private func strategy(_ text: String) throws -> Strategy {
        try Strategy(try JSON(parsing: text))
    }

    private func changed(_ from: String, _ to: String) throws -> Strategy {
        #expect(Self.text.contains(from))
        return try strategy(Self.text.replacing(from, with: to))
    }

    @Test("its members are read and the universe is sorted")
    func members() throws {
        let strategy = try strategy(Self.text)

        #expect(strategy.universe.map(\.description) == ["AAPL", "MSFT"])
        #expect(strategy.side == .long && strategy.size == 0.5 && strategy.stop == 0.05)
        #expect(strategy.target == nil && strategy.hold == 5)
        #expect(strategy.parameters == ["level": 0.2, "slow": 50])
    }

    @Test("its JSON reads back as the same strategy")
    func roundTrip() throws {
        let strategy = try strategy(Self.text)

        let again = try Strategy(strategy.json)

        #expect(again == strategy && again.json == strategy.json && again.hash == strategy.hash)
    }

    @Test(
        "the hash does not depend on spelling",
        arguments: [
            (#""name": "dip""#, #""name": "other""#),
            (#"["MSFT", "AAPL"]"#, #"["AAPL", "MSFT"]"#),
            (#""level": 0.2, "slow": 50"#, #""slow": 50.0, "level": 2e-1"#),
            (#"ibs() < level && trend"#, #"ibs( )<level // note\n &&trend"#),
            (#"ibs() > 0.8"#, #" ibs()   >\n 0.80 "#),
            (#""size": 0.5"#, #""size": 5e-1, "target": null"#),
        ]
    )
    func sameHash(_ from: String, _ to: String) throws {
        #expect(
            try changed(from, to.replacing("// note", with: "")).hash == strategy(Self.text).hash
        )
    }

    @Test(
        "the hash depends on the content",
        arguments: [
            (#""family": "ibs""#, #""family": "rsi""#), (#""level": 0.2"#, #""level": 0.3"#),
            (#""MSFT", "AAPL""#, #""AAPL""#), (#"> 0.8"#, #"> 0.9"#), (#"> 0.8"#, #">= 0.8"#),
            (#""hold": 5"#, #""hold": 6"#), (#""side": "long""#, #""side": "short""#),
            (#""size": 0.5"#, #""size": 0.6"#), (#""stop": 0.05"#, #""stop": 0.06"#),
        ]
    )
    func otherHash(_ from: String, _ to: String) throws {
        #expect(try changed(from, to).hash != strategy(Self.text).hash)
    }

    @Test(
        "expressions are kept in one spelling",
        arguments: [
            ("  -close<-1.50||!( open>2 ) ", "-close < -1.5 || !(open > 2)"),
            (
                "close>1e1&&sma( close,3 )-lag(close,1)>0",
                "close > 10.0 && sma(close, 3) - lag(close, 1) > 0"
            ),
            ("close > 1 ? true:false", "close > 1 ? true : false"),
        ]
    )
    func spelling(_ text: String, _ expected: String) throws {
        let strategy = try Samples.strategy(enter: text)

        #expect(strategy.enter == expected)
        #expect(try Samples.strategy(enter: strategy.enter).enter == expected)
    }

    @Test(
        "a fault is named with its path",
        arguments: [
            (#""schema": 1"#, #""schema": 2"#, "strategy.schema"),
            (#""name": "dip""#, #""name": """#, "strategy.name"),
            (#""hold": 5"#, #""hold": 0"#, "strategy.hold"),
            (#""hold": 5"#, #""hold": 5, "notes": 1"#, "unknown member 'notes'"),
            (#""size": 0.5"#, #""size": 1.5"#, "strategy.size"),
            (#""size": 0.5"#, #""size": 0"#, "strategy.size"),
            (#""size": 0.5"#, #""size": "half""#, "strategy.size"),
            (#""stop": 0.05"#, #""stop": -0.05"#, "strategy.stop"),
            (#""stop": 0.05"#, #""target": 1001"#, "strategy.target"),
            (#""side": "long""#, #""side": "up""#, "strategy.side"),
            (#""MSFT", "AAPL""#, #""MSFT", "x""#, "strategy.universe[1]"),
            (#""MSFT", "AAPL""#, #""MSFT", "MSFT""#, "listed twice"),
            (#"["MSFT", "AAPL"]"#, "[]", "strategy.universe"),
            (#""level": 0.2"#, #""level": "x""#, "strategy.parameters.level"),
            (#""level": 0.2"#, #""close": 0.2"#, "'close' is no free name"),
            (#""level": 0.2"#, #""sma": 0.2"#, "'sma' is no free name"),
            (#""level": 0.2"#, #""level": 0.2, "dip": 1"#, "strategy.features.dip"),
            (#""enter": "dip""#, #""enter": "dop""#, "strategy.enter: unknown name 'dop'"),
            (#""enter": "dip""#, #""enter": "dip &&""#, "strategy.enter"),
            (#""enter": "dip""#, #""enter": "close""#, "must be true or false"),
            (#"ibs() > 0.8"#, #"nothing(close)"#, "strategy.exit"),
            (#"ibs() > 0.8"#, #"sma(close, level) > 1"#, "strategy.exit"),
            (#"ibs() < level && trend"#, "dip", "circle"),
            (#""enter": "dip", "#, "", "'enter' is missing"),
        ]
    )
    func faults(_ from: String, _ to: String, _ mention: String) throws {
        let error = #expect(throws: QuantError.self) { try changed(from, to) }

        #expect(error?.description.contains(mention) == true, "\(error?.description ?? "")")
    }

    @Test("a parameter is a number wherever it stands")
    func parameterKinds() throws {
        let parameters = JSON.Member("parameters", ["width": 2, "days": 5])

        let text = "zscore(close, days) * width > width + 0.5 && lag(close, days) > width"

        #expect(try Samples.strategy(enter: text, extra: [parameters]).enter == text)
    }

    @Test("a parameter may be negative and does not touch calls or members")
    func negativeParameter() throws {
        let parameters = JSON.Member("parameters", ["drop": .double(-0.5)])

        let strategy = try Samples.strategy(enter: "roc(close, 1) < -drop", extra: [parameters])

        #expect(strategy.enter == "roc(close, 1) < -drop")
    }
}
