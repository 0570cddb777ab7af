// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("What started a turn")
struct TurnTriggerTests {
    @Test(
        "a trigger reads back from its text",
        arguments: [
            "bar 2000-03-01T21:00:00Z", "every 2026-11-20T14:30:00.25Z",
            "cron 2026-11-20T14:30:00Z", "mail", "webhook 0a_B.c-1", "person ada", "goal ff00",
            "start",
        ]
    )
    func roundTrip(text: String) throws {
        #expect(try #require(TurnTrigger(text)).description == text)
    }

    @Test(
        "any other text is refused",
        arguments: [
            "", "Mail", "mail x", "start ", "bar", "bar soon", "cron 2026-11-20", "webhook",
            "webhook a b", "webhook a/b", "webhook .a", "luck 1", "at 2026-11-20T14:30:00Z",
        ]
    )
    func refused(text: String) {
        #expect(TurnTrigger(text) == nil)
    }

    @Test("an id can neither end a line nor name a hidden file nor be of any length")
    func ids() {
        #expect(TriggerID(String(repeating: "a", count: 128)) != nil)
        for text in ["", "a\nTurn: 1", "a b", "é", "..", String(repeating: "a", count: 129)] {
            #expect(TriggerID(text) == nil)
        }
    }
}
