// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Keeps what the supervisor reports, one line an event.
final class EventLog: LogHandler, Sendable {
    private let kept = Mutex<[String]>([])
    let metadata: Logger.Metadata
    let logLevel = Logger.Level.warning

    init() { metadata = [:] }

    var lines: [String] { kept.withLock { $0 } }

    /// The failed turns as `agent reason`.
    var failures: [String] { lines.filter { $0.hasPrefix("turn failed") } }

    func log(event: LogEvent) {
        let values = (event.metadata ?? [:]).sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }
        kept.withLock { $0.append(([event.message.description] + values).joined(separator: " ")) }
    }
}
