// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
import Git

/// How it stands with one agent, from what is on disk alone.
public struct AgentOutlook: Sendable, Hashable {
    /// What it is doing: `resting`, `running`, `waiting` for its next attempt, or `quarantined`;
    /// nil when nobody runs the desk.
    public let state: String?
    /// Why it is out of service; nil when it is not.
    public let reason: String?
    /// When its next schedule fires; nil when none does, or only bars decide.
    public let nextFire: Instant?
    /// How many turns of others it has not read, those that may hold nothing for it included.
    public let mail: Int
    /// How many requests wait for it.
    public let requests: Int

    /// Looks at every agent of a desk.
    /// - Throws: A `GitError` or a `FileError` when something cannot be read; a record of
    ///   supervision that cannot be read counts as none, which `loopdesk doctor` tells.
    public static func all(of desk: OpenDesk, at now: Instant) throws -> [AgentName: AgentOutlook] {
        // See above.
        let quarantines = (try? Quarantine.all(of: desk.folder)) ?? []
        let isRunning = try DeskLock.holder(desk.folder) != nil
        let lastTurns = isRunning ? try EventDigest(desk.folder).lastTurns : [:]
        let spool = try SpoolLook(desk.folder)
        let mailroom = try WaitingMail(desk)
        var outlooks: [AgentName: AgentOutlook] = [:]
        for agent in desk.configuration.agents {
            let reason = quarantines.first { $0.agent == agent.name }?.reason
            let isQuiet = reason == nil && !isRunning
            outlooks[agent.name] = AgentOutlook(
                state: reason != nil
                    ? "quarantined"
                    : isQuiet ? nil : state(after: lastTurns[agent.name.description]),
                reason: reason,
                nextFire: isRunning
                    ? agent.triggers.schedules.compactMap { $0.isBar ? nil : $0.next(after: now) }
                        .min() : nil,
                mail: try mailroom.count(for: agent),
                requests: spool.waiting.count { $0.agent == agent.name }
            )
        }
        return outlooks
    }

    /// The last event about its turns tells what it is doing.
    private static func state(after event: String?) -> String {
        switch event {
        case "turn.started": "running"
        case "turn.failed": "waiting"
        default: "resting"
        }
    }

    /// The outlook for programs.
    public var members: [JSON.Member] {
        [
            JSON.Member("state", state.map { .string($0) } ?? .null),
            JSON.Member("reason", reason.map { .string($0) } ?? .null),
            JSON.Member("next_fire", nextFire.map { .string($0.description) } ?? .null),
            JSON.Member("mail", .int(Int64(mail))),
            JSON.Member("requests", .int(Int64(requests))),
        ]
    }

    /// The outlook for people, on one line; empty when there is nothing to tell.
    public var text: String {
        var parts: [String] = []
        if let state { parts.append(reason.map { "\(state) (\($0))" } ?? state) }
        if let nextFire { parts.append("next at \(nextFire)") }
        // A desk at rest has read what it could; what is left says something only of a live one.
        if mail > 0, state != nil {
            parts.append(mail == 1 ? "1 turn to read" : "\(mail) turns to read")
        }
        if requests > 0 {
            parts.append(requests == 1 ? "1 request waits" : "\(requests) requests wait")
        }
        return parts.joined(separator: ", ")
    }
}
