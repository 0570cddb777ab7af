// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Supervisor
import Synchronization

/// The connectors of a desk, one conversation each for everybody in this process: models, programs
/// that may call tools, and alerts.
final class DeskConnectors: Sendable {
    private let kept = Mutex<ConnectorPool?>(nil)

    /// The connectors as they are now; nil when the desk uses none.
    var pool: ConnectorPool? { kept.withLock { $0 } }

    /// Makes the connectors of a desk anew, and ends those that were there; none is started before
    /// it is used.
    /// - Throws: A ``Failure`` when a secret is missing.
    func open(_ desk: OpenDesk) throws {
        let isNeeded = !desk.configuration.usedConnectors.isEmpty
        let maker = isNeeded ? try ConnectorMaker(desk.folder) : nil
        let made = try maker.map { maker in
            try ConnectorPool(desk.configuration) { try maker.make($0) }
        }
        replace(with: made)
    }

    /// Ends them.
    func close() { replace(with: nil) }

    private func replace(with new: ConnectorPool?) {
        let old = kept.withLock { kept in
            defer { kept = new }
            return kept
        }
        guard let old else { return }
        // Closing throws nothing, and servers that will not end are ended with this process.
        try? Waiting.run { await old.close() }
    }
}
