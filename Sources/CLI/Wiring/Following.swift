// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Processes

/// Waits for a folder of a desk to change, until a person asks to stop.
struct Following {
    private let bell: Doorbell
    private let interrupts: Interrupts
    private let clock = SystemClock()

    /// A ring can be missed only if the kernel's limits are reached; then a look is taken anyway.
    private static let patience: Duration = .seconds(30)

    /// Begins to listen, and makes the folder when it is not there yet.
    init(_ desk: Folder, _ folder: Folder) throws {
        guard desk.contains("orchestrator.yml") else {
            throw Failure("no desk in \(desk.path); make one with loopdesk init", .notFound)
        }
        interrupts = try Interrupts.install()
        try folder.create()
        bell = try Doorbell(folder: folder.path)
    }

    /// Waits for the next change; false when a person asks to stop or the folder is gone.
    func awaitChange() throws -> Bool {
        let outcome = try bell.wait(
            until: clock.deadline(in: Self.patience),
            clock: clock,
            wake: interrupts.descriptor
        )
        return outcome == .rang || outcome == .timedOut
    }
}
