// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@testable import Supervisor

@Suite("Waits before restarts")
struct RestartPolicyTests {
    @Test(
        "the span doubles with each failure and ends at its cap",
        arguments: [
            (0, 0), (1, 0), (2, 100), (3, 200), (4, 400), (10, 25_600), (11, 30_000),
            (1_000_000, 30_000),
        ]
    )
    func span(failures: Int, milliseconds: Int64) {
        let policy = RestartPolicy()

        #expect(policy.span(afterFailures: failures) == .milliseconds(milliseconds))
    }

    @Test("a base above the cap is cut to it")
    func largeBase() {
        let policy = RestartPolicy(base: .seconds(90))

        #expect(policy.span(afterFailures: 2) == .seconds(30))
    }

    @Test("waits fill the whole span and never leave it")
    func jitter() {
        let policy = RestartPolicy()
        var random = SeededRandom(seed: 1)

        let waits = (0..<2000).map { _ in policy.delay(afterFailures: 5, random: &random) }

        #expect(waits.allSatisfy { $0 >= .zero && $0 < .milliseconds(800) })
        #expect(waits.contains { $0 < .milliseconds(20) })
        #expect(waits.contains { $0 > .milliseconds(780) })
        #expect(Set(waits).count > 1900)
    }

    @Test("the same seed gives the same waits")
    func seeded() {
        let policy = RestartPolicy()
        func waits(seed: UInt64) -> [Duration] {
            var random = SeededRandom(seed: seed)
            return (1..<9).map { policy.delay(afterFailures: $0, random: &random) }
        }

        #expect(waits(seed: 5) == waits(seed: 5))
        #expect(waits(seed: 5) != waits(seed: 6))
    }
}
