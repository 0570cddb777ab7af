// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ReplyStudy
import Testing

@Suite("Hostile answers")
struct ReplyStudyTests {
    @Test("of twenty thousand spoiled answers nothing is taken that the form forbids")
    func study() throws {
        var study = try ReplyStudy(seed: 1)

        study.run(20_000)

        #expect(study.tally.leaks == [])
        // The study would be of no use if nothing passed.
        #expect(study.tally.taken > 5_000)
        #expect(study.tally.actions > 5_000)
        #expect(study.tally.answers > 500)
    }
}
