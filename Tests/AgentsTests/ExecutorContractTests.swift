// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing
import Trading

@testable import Agents

@Suite("Executor of contracts")
struct ExecutorContractTests {
    private static func book() throws -> ContractBook {
        try ContractBook(["rb2505"], holding: .init())
    }

    /// The plan and the size of the order that a verdict on two per cent of loss leads to.
    private static func turn(
        capital: Int,
        changing changes: [String: JSON] = [:]
    ) throws -> (gateway: PaperGateway, output: TurnOutput) {
        let book = try book()
        let time = try Sample.close("2024-12-18")
        let gateway = try PaperGateway(
            capital: capital,
            shorts: true,
            contracts: book,
            at: time
        )
        let verdict = ExecutorTests.verdict(
            changing: [
                "symbol": "rb2505", "close": 3500.0, "size": 0.5, "stop": 0.0201,
                "target": 0.0501, "good_through": "2024-12-19",
            ].merging(changes) { $1 }
        )
        let output = try Executor(gateway: gateway.client, contracts: book)
            .turn(try Sample.input(time, [verdict]))
        try output.requireWellFormed()
        return (gateway, output)
    }

    @Test("lots are bounded by the size, by the risk to the stop with fees, and by the margin")
    func lots() throws {
        // Half of 1,000,000 is 14 lots; 2 % of it bears 27 losses of 710 and fees of 6.93.
        let bySize = try Self.turn(capital: 1_000_000)
        let byRisk = try Self.turn(capital: 1_000_000, changing: ["size": 1.0, "stop": 0.0301])
        let byCash = try Self.turn(capital: 5_000, changing: ["size": 100.0, "stop": 0.0001])

        #expect(bySize.gateway.submitted.map(\.quantity.description) == ["14"])
        // 3,394 is the stop, so a lot loses 1,060 and fees of 6.894: 18 of them within 20,000.
        #expect(byRisk.gateway.submitted.map(\.quantity.description) == ["18"])
        #expect(byCash.gateway.submitted.map(\.quantity.description) == ["2"])
    }

    @Test("stop and target are prices of the venue, rounded against the trader")
    func levels() throws {
        let long = try Self.turn(capital: 1_000_000)
        let short = try Self.turn(capital: 1_000_000, changing: ["side": "short"])

        let plans = (long.gateway.submitted + short.gateway.submitted).compactMap { order in
            if case .entry(let plan) = order.purpose { plan } else { nil }
        }
        // 3500 ∓ 70.35 and 3500 ± 175.35.
        #expect(plans.map { $0.stop?.description } == ["3429", "3571"])
        #expect(plans.map { $0.target?.description } == ["3675", "3325"])
        // What 14 lots lose at 2.01 %.
        #expect(plans.first?.riskInCurrency.description == "9849")
    }

    @Test("an account that does not bear one lot leads to no order, and those who wait are told")
    func tooSmall() throws {
        let turn = try Self.turn(capital: 2_000, changing: ["size": 50.0])

        let body = try #require(turn.output.bodies(.fill).first)
        #expect(turn.gateway.submitted.isEmpty)
        #expect(body["state"]?.stringValue == "unplaced")
        #expect(
            body["reason"]?.stringValue == "the size, the risk or the cash does not bear one lot"
        )
    }

    @Test("how sure somebody said to be is in the plan, and nothing else is")
    func confidence() throws {
        let sure = try Self.turn(capital: 1_000_000, changing: ["confidence": 0.65])
        let silent = try Self.turn(capital: 1_000_000)
        let odd = try Self.turn(capital: 1_000_000, changing: ["confidence": 65])

        let plans = [sure, silent, odd].flatMap(\.gateway.submitted).compactMap { order in
            if case .entry(let plan) = order.purpose { plan } else { nil }
        }
        #expect(plans.map { $0.confidence?.description } == ["0.65", nil, nil])
    }
}
