// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import HTTP
import NIOCore

/// One agent's way out, open until it is stopped or nobody holds it any more.
public final class EgressDoor: Sendable {
    private let gate: EgressGate
    private let listener: any Channel
    private let connections: OpenChannels

    init(_ gate: EgressGate, _ listener: any Channel, _ connections: OpenChannels) {
        self.gate = gate
        self.listener = listener
        self.connections = connections
    }

    deinit { stop() }

    /// Closes the listener and every connection, without waiting; a second call does nothing.
    public func stop() {
        guard gate.beginToStop() else { return }
        listener.close(promise: nil)
        connections.closeAll()
        gate.client.close()
    }
}
