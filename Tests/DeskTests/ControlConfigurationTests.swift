// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Testing

@Suite("The control of a market")
struct ControlConfigurationTests {
    private func parse(_ control: String) throws -> DeskConfiguration {
        try DeskConfiguration(
            parsing: """
                version: 1
                name: test
                replay: {from: 2024-01-01, through: 2024-03-01}
                market:
                  feed: {kind: csv, path: bars.csv}
                  symbols: [AAA]
                \(control)
                account: {capital: 1000000}
                agents:
                  ingestor: {role: ingestor, every: bar}
                """
        )
    }

    @Test("its symbols come after those of the market, with seed and edge")
    func valid() throws {
        let market = try parse("  control: {symbols: [CONTROL], seed: 7, edge: 0.5}").market

        #expect(market.symbols == ["AAA", "CONTROL"])
        #expect(market.control?.seed == 7)
        #expect(market.control?.edge == 0.5)
        #expect(try parse("").market.control == nil)
    }

    @Test(
        "what cannot be is refused by name",
        arguments: [
            ("{symbols: [AAA], edge: 0.5}", "market.control.symbols"),
            ("{symbols: [], edge: 0.5}", "market.control.symbols: missing"),
            ("{symbols: [C], edge: 2}", "market.control.edge"),
            ("{symbols: [C], strength: 1}", "strength"),
        ]
    )
    func invalid(control: String, message: String) {
        let error = #expect(throws: DeskError.self) { try parse("  control: \(control)") }

        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }
}
