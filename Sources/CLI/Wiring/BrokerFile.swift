// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// What the gateway has told last of the orders at the broker, for whoever asks for the status.
struct BrokerFile {
    private let runtime: Folder
    private static let name = "broker.json"
    private static let limitBytes = 16 << 20

    init(_ folder: DeskFolder) {
        runtime = folder.runtime
    }

    func replace(_ standing: JSON) {
        // It is for people only; the next change is written again.
        try? runtime.replace(Self.name, with: standing.prettyBytes)
    }

    /// What was told last; nil when nothing was.
    func load() throws -> JSON? {
        try runtime.readIfPresent(Self.name, limitBytes: Self.limitBytes)
            .map { try JSON(parsing: $0) }
    }
}
