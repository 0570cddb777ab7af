// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The open connections of an endpoint.
final class Connections: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    /// Keeps a connection until it is closed.
    func add(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        channels.withLock { $0[key] = channel }
        channel.closeFuture.whenComplete { [self] _ in
            channels.withLock { _ = $0.removeValue(forKey: key) }
        }
    }

    private var open: [any Channel] { channels.withLock { Array($0.values) } }

    /// Asks each connection to close once its request is answered, at once when it has none.
    func endIdle() {
        for channel in open {
            channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    /// Waits until all are closed, and closes those that are left when the time is up.
    func closeAll(on loop: any EventLoop, after patience: Duration) {
        let left = open
        let deadline = loop.scheduleTask(in: TimeAmount(patience)) {
            for channel in left { channel.close(promise: nil) }
        }
        for channel in left {
            // Closed is closed, however it came to it.
            try? channel.closeFuture.wait()
        }
        deadline.cancel()
    }
}
