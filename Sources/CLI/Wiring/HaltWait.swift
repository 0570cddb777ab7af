// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Gateway
import Processes
import Supervisor

/// Waits until the gateway has done what was asked of the kill switch.
struct HaltWait {
    private let latch: HaltLatch
    private let folder: DeskFolder
    private let clock = SystemClock()

    /// How long a running gateway is waited for.
    private static let patience: Duration = .seconds(5)

    init(_ latch: HaltLatch, _ folder: DeskFolder) {
        self.latch = latch
        self.folder = folder
    }

    /// How the switch stands once the request is handled, or when nobody will handle it.
    func state(after request: HaltRequest) throws -> HaltState {
        let deadline = clock.deadline(in: Self.patience)
        while true {
            let state = try latch.state()
            let isDone = state.handled == request.number && (!state.isHalted || state.isDone)
            guard !isDone, try DeskLock.holder(folder) != nil, clock.now() < deadline else {
                return state
            }
            let moment = clock.deadline(in: .milliseconds(1))
            _ = try Pause.wait(until: moment, clock: clock, wake: nil)
        }
    }
}

extension DeskFolder {
    /// Refuses a folder that is no desk.
    func requireDesk() throws {
        guard root.contains(DeskConfiguration.fileName) else {
            throw Failure(
                "there is no \(DeskConfiguration.fileName) in \(root.path); name a desk with"
                    + " --desk",
                .notFound
            )
        }
    }
}
