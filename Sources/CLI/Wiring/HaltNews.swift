// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Gateway
import Processes
import Supervisor

/// Notices on a live desk that the kill switch was used, whoever used it.
final class HaltNews {
    private let desk: DeskFolder
    private let clock: SystemClock
    private var latch: HaltLatch?
    /// How it stood last; what stood so before the desk came up is no news.
    private var isHalted = false
    private var nextLook: MonotonicInstant

    /// How often it is looked at.
    private static let glance: Duration = .milliseconds(500)

    init(_ desk: DeskFolder, clock: SystemClock) {
        self.desk = desk
        self.clock = clock
        nextLook = clock.now()
        // One that cannot be read now is looked at again, and is news then.
        if let state = try? standing() { isHalted = state.isHalted }
    }

    private func standing() throws -> HaltState? {
        if latch == nil { latch = try HaltLatch.existing(in: desk.runtime) }
        return try latch?.standing()
    }

    /// Looks whether something has changed, and tells it; for the thread of the desk's loop.
    func tell(_ log: EventLog) {
        guard nextLook <= clock.now() else { return }
        nextLook = clock.deadline(in: Self.glance)
        do {
            let standing = try standing()
            guard isHalted != (standing != nil) else { return }
            isHalted = standing != nil
            log.emit(
                standing.map { .halted(reason: $0.reason) } ?? .resumed(reason: "loopdesk resume")
            )
        } catch {
            // A disk that cannot be read is told of by whatever needs it; the latch is asked again.
        }
    }
}
