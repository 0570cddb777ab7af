// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// What supervision keeps across a restart of the supervisor, as `supervision.json` holds it.
struct SupervisionRecord: Sendable, Hashable {
    /// The restarts of one agent or group.
    struct Tally: Sendable, Hashable {
        let scope: RestartScope
        let failures: Int
        /// By the clock on the wall, oldest first.
        let restarts: [Instant]
    }

    var tallies: [Tally] = []
    var quarantines: [Quarantine] = []

    /// The form that this version writes; a higher one belongs to a later version.
    static let version = 1
    /// The most restarts of one scope that are read.
    static let restartLimit = 10_000

    var json: JSON {
        [
            "version": .int(Int64(Self.version)),
            "restarts": .array(tallies.map(Self.json)),
            "quarantines": .array(quarantines.map(Self.json)),
        ]
    }

    /// Reads what ``json`` gives.
    /// - Throws: A `JSONError` that names the member.
    init(json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "supervision")
        for (index, entry) in try fields.array("restarts").enumerated() {
            tallies.append(try Self.tally(try JSONFields(entry, path: "restarts[\(index)]")))
        }
        for (index, entry) in try fields.array("quarantines").enumerated() {
            let entry = try JSONFields(entry, path: "quarantines[\(index)]")
            quarantines.append(
                Quarantine(
                    agent: try Self.name("agent", entry),
                    cause: try Self.name("cause", entry),
                    reason: try entry.string("reason"),
                    since: try entry.instant("since"),
                    isRefusal: entry.optional("refused") == true
                )
            )
        }
    }

    init(tallies: [Tally] = [], quarantines: [Quarantine] = []) {
        self.tallies = tallies
        self.quarantines = quarantines
    }

    private static func json(_ tally: Tally) -> JSON {
        let scope: JSON.Member =
            switch tally.scope {
            case .agent(let name): JSON.Member("agent", .string(name.description))
            case .group(let name): JSON.Member("group", .string(name))
            }
        return .object([
            scope, JSON.Member("failures", .int(Int64(tally.failures))),
            JSON.Member("at", .array(tally.restarts.map { .string($0.description) })),
        ])
    }

    private static func json(_ quarantine: Quarantine) -> JSON {
        [
            "agent": .string(quarantine.agent.description),
            "cause": .string(quarantine.cause.description),
            "reason": .string(quarantine.reason),
            "since": .string(quarantine.since.description),
            "refused": .bool(quarantine.isRefusal),
        ]
    }

    private static func tally(_ fields: JSONFields) throws(JSONError) -> Tally {
        let scope: RestartScope =
            fields.optional("group") != nil
            ? .group(try fields.string("group")) : .agent(try name("agent", fields))
        let failures = try fields.int("failures")
        let texts = try fields.strings("at")
        guard failures >= 0, texts.count <= restartLimit else {
            throw JSONError("\(fields.path): \(failures) failures, \(texts.count) restarts")
        }
        var restarts: [Instant] = []
        for text in texts {
            guard let instant = Instant(text) else {
                throw JSONError("\(fields.path).at: found '\(text.prefix(40))', which is no time")
            }
            restarts.append(instant)
        }
        return Tally(scope: scope, failures: failures, restarts: restarts)
    }

    private static func name(
        _ member: String,
        _ fields: JSONFields
    ) throws(JSONError) -> AgentName {
        let text = try fields.string(member)
        guard let name = AgentName(text) else {
            throw JSONError("\(fields.path).\(member): allowed are \(AgentName.form)")
        }
        return name
    }
}
