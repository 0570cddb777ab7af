// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The metrics of a running desk, which the supervisor fills and the endpoint shows.
public final class DeskMetrics: Sendable {
    private let state = Mutex(MetricsSnapshot())

    /// Creates metrics that begin at nothing.
    public init() {}

    /// Changes some of them; short, because whoever reads them waits.
    public func update(_ body: (inout MetricsSnapshot) -> Void) {
        state.withLock { body(&$0) }
    }

    /// All of them as they stand.
    public var snapshot: MetricsSnapshot { state.withLock { $0 } }
}
