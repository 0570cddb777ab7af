// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing
import VenueStudy

@Suite("A dispatcher at a hostile venue")
struct VenueStudyTests {
    @Test("over some hundred seeds nothing is doubled, lost, unprotected or sent without a verdict")
    func hostile() {
        var crashes = 0
        var orders = 0
        var debts = 0
        for seed in 1...UInt64(120) {
            var study = VenueStudy(seed: seed)
            let outcome = study.run()
            crashes += outcome.crashes
            orders += outcome.orders
            debts += outcome.debts
            #expect(outcome.violations == [], "seed \(seed)")
        }

        #expect(crashes > 500)
        #expect(orders > 500)
        #expect(debts > 100)
    }

    @Test("the study finds a planted bug within some seeds", arguments: PlantedBug.allCases)
    func planted(bug: PlantedBug) {
        var found: [String] = []
        for seed in 1...UInt64(60) where found.isEmpty {
            var study = VenueStudy(seed: seed, bug: bug)
            found = study.run().violations
        }

        #expect(!found.isEmpty)
    }
}
