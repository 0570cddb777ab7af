// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Logging

/// Appends log messages as JSON lines to a file of the desk.
struct FileLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    private let folder: Folder
    private let name: String

    init(folder: Folder, name: String) {
        self.folder = folder
        self.name = name
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = metadata.merging(event.metadata ?? [:]) { $1 }
        let members = values.sorted { $0.key < $1.key }.map {
            JSON.Member($0.key, .string("\($0.value)"))
        }
        let line: JSON = [
            "level": .string(event.level.rawValue), "message": .string("\(event.message)"),
            "values": .object(members),
        ]
        // A log that cannot be written must not stop the desk that it reports on.
        try? folder.append(line.compactBytes + [0x0A], to: name)
    }
}
