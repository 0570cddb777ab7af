// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import HTTP
import TestSupport

extension ScriptedServer {
    /// Makes a client whose connections all lead here.
    func client(_ change: (inout HTTPSettings) -> Void = { _ in }) throws -> HTTPClient {
        var settings = HTTPSettings(seed: 7)
        settings.dial = { [self] address, port in dial("\(address):\(port)") }
        change(&settings)
        let clock = ContinuousClock()
        let start = clock.now
        return try HTTPClient(
            settings,
            wall: FixedClock(),
            now: { start.duration(to: clock.now) }
        )
    }

    struct FixedClock: WallClock {
        func now() -> Instant { Instant(secondsSinceEpoch: 1_795_186_800) }
    }
}
