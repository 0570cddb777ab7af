// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How long a call may take.
public struct CallLimits: Sendable, Hashable {
    /// How long the server may say nothing; each progress it tells begins the time anew.
    public var idle: Duration
    /// How long all of it may take, whatever is told meanwhile.
    public var total: Duration

    /// Bundles limits.
    public init(idle: Duration = .seconds(60), total: Duration = .seconds(600)) {
        self.idle = idle
        self.total = total
    }
}
