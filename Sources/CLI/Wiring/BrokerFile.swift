// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Supervisor

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

    /// What was told last of a desk; nil when nothing was, and when it has no broker.
    static func load(of desk: OpenDesk) throws -> JSON? {
        guard desk.configuration.broker != nil else { return nil }
        return try desk.folder.runtime.readIfPresent(name, limitBytes: limitBytes)
            .map { try JSON(parsing: $0) }
    }
}
