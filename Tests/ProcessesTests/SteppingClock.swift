// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Synchronization

/// A clock that moves on by one step whenever it is read.
final class SteppingClock: MonotonicClock {
    private let step: Duration
    private let current = Mutex(MonotonicInstant(nanoseconds: 0))

    init(step: Duration) { self.step = step }

    func now() -> MonotonicInstant {
        current.withLock { current in
            current = current.advanced(by: step)
            return current
        }
    }
}
