// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// How somebody asks a live desk to stop.
public struct StopRequests: Sendable {
    /// Becomes readable when somebody asks.
    public let descriptor: Int32
    let isRequested: @Sendable () -> Bool
    let acknowledge: @Sendable () -> Void

    /// Takes interrupts of the whole program for requests.
    public init(_ interrupts: Interrupts) {
        self.init(
            descriptor: interrupts.descriptor,
            isRequested: { interrupts.isRequested },
            acknowledge: { interrupts.acknowledge() }
        )
    }

    package init(
        descriptor: Int32,
        isRequested: @escaping @Sendable () -> Bool,
        acknowledge: @escaping @Sendable () -> Void
    ) {
        self.descriptor = descriptor
        self.isRequested = isRequested
        self.acknowledge = acknowledge
    }
}
