// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Names in the member `_meta`.
enum MetaKey {
    static let version = "io.modelcontextprotocol/protocolVersion"
    static let capabilities = "io.modelcontextprotocol/clientCapabilities"
    static let client = "io.modelcontextprotocol/clientInfo"
    static let server = "io.modelcontextprotocol/serverInfo"
    static let progressToken = "progressToken"
}

extension JSON {
    /// The object with further members behind its own; one that is there already is replaced.
    func adding(_ added: [Member]) -> JSON {
        // There are a handful at most, for which a set costs more than it saves.
        .object(
            (objectValue ?? []).filter { member in
                !added.contains { $0.name == member.name }
            } + added
        )
    }

    /// The object with members added to its `_meta`.
    func addingMeta(_ members: [Member]) -> JSON {
        guard !members.isEmpty else { return self }
        return adding([Member("_meta", (self["_meta"] ?? .object([])).adding(members))])
    }
}
