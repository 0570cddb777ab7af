// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Supervisor

@Suite("How often a desk looks around")
struct GlancePaceTests {
    @Test("each second, every fourth once there was nothing to do for a while, and at once again")
    func pace() {
        var pace = GlancePace()

        let idle = (0..<12).map { _ in pace.next(isCalm: true) }
        let busy = pace.next(isCalm: false)
        let idleAgain = pace.next(isCalm: true)

        #expect(idle.prefix(9).allSatisfy { $0 == .seconds(1) })
        #expect(idle.dropFirst(9).allSatisfy { $0 == .seconds(4) })
        #expect(busy == .seconds(1) && idleAgain == .seconds(1))
    }
}
