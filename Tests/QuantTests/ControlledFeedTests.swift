// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@testable import Quant

@Suite("A feed with a control beside it")
struct ControlledFeedTests {
    private func feed(_ name: String, from: String, sessions: Int) throws -> SimulatedFeed {
        SimulatedFeed(
            seed: 3,
            symbols: [try #require(Symbol(name))],
            from: try #require(CalendarDate(from)),
            sessions: sessions
        )
    }

    @Test("both are told at the instants of the main feed, and nothing at any other")
    func joined() throws {
        let main = try feed("REAL", from: "2000-03-06", sessions: 3)
        let control = try feed("CONTROL", from: "2000-03-01", sessions: 20)

        let both = ControlledFeed(main, control: control)

        #expect(both.instants == main.instants)
        #expect(both.symbols.map(\.description) == ["CONTROL", "REAL"])
        for instant in main.instants {
            #expect(both.bars(at: instant) == main.bars(at: instant) + control.bars(at: instant))
        }
        #expect(both.bars(at: control.instants[0]).isEmpty)
    }
}
