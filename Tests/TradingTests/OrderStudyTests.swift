// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import OrderStudy
import Testing
import Trading

@Suite("Random and hostile orders")
struct OrderStudyTests {
    @Test(
        "what passes is exactly what an independent reckoning allows",
        arguments: [1, 2, 3, 4] as [UInt64]
    )
    func oracle(seed: UInt64) throws {
        var study = OrderStudy(seed: seed)

        for _ in 0..<8 { try study.runWorld() }

        let tally = study.tally
        #expect(tally.leaks == [])
        #expect(tally.blocks == [])
        #expect(tally.sent == 8_000)
        #expect(tally.passed > 50)
        #expect(tally.unreadable > 500)
    }
}
