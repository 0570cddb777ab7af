// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Parallel work")
struct ParallelTests {
    @Test("results come in order whatever the width", arguments: [1, 2, 3, 64])
    func order(width: Int) {
        let results = Parallel(width: width).map(100) { $0 * $0 }

        #expect(results == (0..<100).map { $0 * $0 })
    }

    @Test("no work gives no results", arguments: [1, 4])
    func nothing(width: Int) {
        #expect(Parallel(width: width).map(0) { $0 }.isEmpty)
    }

    @Test("all cores are at least one")
    func cores() {
        #expect(Parallel.allCores.width >= 1)
    }
}
