// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@testable import Agents

@Suite("Decisions of models")
struct DecisionParserTests {
    private static let parser = DecisionParser(facts: [
        "AAA": .init(price: 100, held: nil, sides: ["long"]),
        // A strategy may want what is held already.
        "BBB": .init(price: 50, held: "short", sides: ["long"]),
    ])

    private static let plan =
        #""quantity":5,"profit_target":120,"stop_loss":95,"invalidation_condition":"close < 95","#
        + #""confidence":0.6,"risk_usd":25"#
    private static let entry = #"{"signal":"buy_to_enter",\#(plan)}"#
    private static let hold = #"{"signal":"hold"}"#

    private static func fault(_ entry: String) throws -> DecisionFault.Code? {
        try parser.read(#"{"AAA":\#(entry),"BBB":\#(hold)}"#).faults.first?.code
    }

    @Test(
        "decisions by symbol, in a list and in the other dialect are the same",
        arguments: [
            #"{"AAA":\#(entry),"BBB":{"signal":"close_position"}}"#,
            #"{"AAA":{"trade_signal_args":\#(entry)},"BBB":{"signal":"close"}}"#,
            #"[{"coin":"AAA","signal":"buy_to_enter",\#(plan)},{"symbol":"BBB","signal":"close"}]"#,
            #"{"decisions":{"AAA":\#(entry),"BBB":{"signal":"close"}}}"#,
            #"{"AAA":{"signal":"entry","side":"long",\#(plan)},"BBB":{"signal":"close"}}"#,
        ]
    )
    func dialects(text: String) throws {
        let reading = try Self.parser.read(text)

        #expect(reading.faults.isEmpty)
        #expect(reading.decisions["AAA"]?.action == .enter(side: "long"))
        #expect(reading.decisions["AAA"]?.stopLoss == 95)
        #expect(reading.decisions["AAA"]?.leverage == 1)
        #expect(reading.decisions["BBB"]?.action == .close)
    }

    @Test("a decision may stand alone where there is one symbol")
    func alone() throws {
        let parser = DecisionParser(facts: ["AAA": .init(price: 1, held: "long", sides: [])])

        let reading = try parser.read(#"{"symbol":"AAA","signal":"hold"}"#)

        #expect(reading.decisions["AAA"]?.action == .hold)
        #expect(reading.faults.isEmpty)
    }

    @Test("a bad symbol does not lose the others")
    func others() throws {
        let reading = try Self.parser.read(#"{"AAA":{"signal":"moon"},"BBB":\#(Self.hold)}"#)

        #expect(reading.decisions.keys.sorted() == ["BBB"])
        #expect(reading.faults.map(\.symbol) == ["AAA"])
    }

    @Test(
        "each fault has its kind",
        arguments: [
            (#"{"signal":"moon"}"#, DecisionFault.Code.unknownAction), (#"{}"#, .unknownAction),
            ("7", .form), (#"{"signal":"hold","mood":1}"#, .form),
            (#"{"signal":"hold","coin":"CCC"}"#, .form),
            (#"{"signal":"close_position"}"#, .illegalAction),
            (#"{"signal":"sell_to_enter",\#(plan)}"#, .illegalAction),
            (#"{"signal":"buy_to_enter"}"#, .missingPlan),
            (#"{"signal":"buy_to_enter","side":"short"}"#, .form),
            (#"{"signal":"entry",\#(plan)}"#, .missingPlan),
            (entry.replacing("95,", with: "105,"), .wrongSide),
            (entry.replacing("120", with: "99"), .wrongSide),
            (entry.replacing("\"quantity\":5", with: "\"quantity\":0"), .missingPlan),
            (entry.replacing("\"quantity\":5", with: "\"quantity\":-5"), .range),
            (entry.replacing("\"quantity\":5", with: "\"quantity\":\"~100\""), .form),
            (entry.replacing("\"quantity\":5", with: "\"quantity\":\"1,234\""), .form),
            (entry.replacing("0.6", with: "1.5"), .range),
            (entry.replacing("close < 95", with: "  "), .missingPlan),
            (entry.replacing("\"confidence\"", with: "\"leverage\":2.5,\"confidence\""), .range),
            (entry.replacing("\"confidence\"", with: "\"leverage\":41,\"confidence\""), .range),
            (entry.replacing("\"close < 95\"", with: "7"), .form),
            (entry.replacing(#""confidence":0.6,"#, with: ""), .missingPlan),
            (entry.replacing(#","risk_usd":25"#, with: ""), .missingPlan),
            (entry.replacing("close < 95", with: String(repeating: "x", count: 2001)), .form),
            (#"{"signal":"hold","side":"up"}"#, .form),
            (#"{"signal":"sell_to_enter","side":"long",\#(plan)}"#, .form),
        ]
    )
    func faults(entry: String, code: DecisionFault.Code) throws {
        #expect(try Self.fault(entry) == code)
    }

    @Test("what is held can only be held or closed; what is not asked about, or twice, is refused")
    func held() throws {
        let illegal = try Self.parser.read(
            #"{"AAA":\#(Self.hold),"BBB":\#(Self.entry.replacing("95,", with: "45,"))}"#
        )
        let unknown = try Self.parser.read(
            #"{"AAA":\#(Self.hold),"BBB":\#(Self.hold),"CCC":\#(Self.hold)}"#
        )
        let twice = try Self.parser.read(
            #"[{"coin":"AAA","signal":"hold"},{"coin":"AAA","signal":"hold"}]"#
        )

        #expect(illegal.faults.map(\.code) == [.illegalAction])
        #expect(illegal.faults.first?.description.contains("a position is held") == true)
        #expect(unknown.faults.map(\.code) == [.unknownSymbol])
        #expect(unknown.decisions.count == 2)
        #expect(twice.faults.map(\.code) == [.twice, .missing])
        #expect(twice.decisions.isEmpty)
    }
}
