// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Keeps what the supervisor reports, one line an event.
struct EventLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning
    private let store = Store()

    private final class Store: Sendable {
        let lines = Mutex<[String]>([])
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    var lines: [String] { store.lines.withLock { $0 } }

    /// The failed turns, in the order in which they failed.
    var failures: [String] { lines.filter { $0.hasPrefix("turn failed") } }

    func log(event: LogEvent) {
        let values = (event.metadata ?? [:]).sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }
        let line = (["\(event.message)"] + values).joined(separator: " ")
        store.lines.withLock { $0.append(line) }
    }
}
