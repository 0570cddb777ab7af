// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Ends our side of a connection and gives the other a second to read what was written: closing
/// at once, with input unread, could destroy it on its way.
enum Farewell {
    static func say(on channel: any Channel) {
        channel.close(mode: .output, promise: nil)
        channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }
}
