// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP

/// What a look at a connector has found.
struct ConnectorReport {
    let name: String
    let result: Result<ConnectorExamination, MCPError>

    /// Whether agents can use it.
    var isWell: Bool {
        guard case .success(let found) = result else { return false }
        return found.changes.isEmpty
    }

    /// The object that `--json` prints.
    var json: JSON {
        switch result {
        case .failure(let error):
            return [
                "name": .string(name), "usable": false, "error": .string(error.description),
                "code": .string(error.code.rawValue),
            ]
        case .success(let found):
            return [
                "name": .string(name), "usable": .bool(isWell),
                "revision": .string(found.peer.revision.rawValue),
                "server": .string(found.peer.name), "version": .string(found.peer.version),
                "tools": .array(found.tools.map { .string($0.name) }),
                "hash": .string(found.pins.hash.description), "first": .bool(found.isFirst),
                "changes": .array(found.changes.map { .string($0.description) }),
            ]
        }
    }

    /// Prints a few lines.
    func say(to console: Console) {
        switch result {
        case .failure(let error): console.say(PlainText.line("\(name): \(error)"))
        case .success(let found):
            console.say("\(name): \(words(found))")
            console.table([
                (
                    "server", PlainText.line("\(found.peer.name) \(found.peer.version)")
                ),
                ("revision", found.peer.revision.rawValue),
                ("tools", found.tools.map(\.name).joined(separator: ", ")),
                ("hash", found.pins.hash.short),
            ])
            for change in found.changes { show(change, found, console) }
            if !found.changes.isEmpty {
                console.say(
                    "If that is right: loopdesk connectors accept \(name) \(found.pins.hash.short)"
                )
            }
        }
    }

    private func words(_ found: ConnectorExamination) -> String {
        if found.isFirst { return "well; its tools are accepted with the first use" }
        return found.changes.isEmpty ? "well" : "NOT USED, its definitions have changed"
    }

    private func show(
        _ change: ToolPins.Change,
        _ found: ConnectorExamination,
        _ console: Console
    ) {
        console.say("  \(change)")
        let text =
            found.tools.first { $0.name == change.name }?.json.compactText
            ?? found.peer.instructions ?? ""
        console.say(PlainText.line("    \(text.prefix(2000))"))
    }
}
