// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How long a turn may take and what happens when it fails.
public struct SupervisionConfiguration: Sendable, Hashable {
    /// The wall time that a turn may take before its process is killed.
    public let turnTimeout: TimeLimit
    /// How often a turn is tried before its inbox becomes a dead letter.
    public let attempts: Int
    /// The wait before the second attempt; it doubles with each further one.
    public let backoff: TimeLimit
    /// The largest signal or note that is taken.
    public let fileLimitBytes: Int
    /// The most signals and notes that one turn may publish.
    public let filesPerTurn: Int
    /// How often an agent's process says that it lives; nil when it does not have to.
    public let heartbeat: TimeLimit?
    /// The most restarts within the window; the failure after them puts the agent in quarantine.
    public let restarts: Int
    /// How long a restart counts.
    public let window: TimeLimit
    /// How long an agent must run for its failures to be forgotten.
    public let stableAfter: TimeLimit
    /// Agents that are started again together; every other agent stands alone.
    public let groups: [Group]

    init(_ reader: inout YAMLReader) {
        let path = "supervision."
        let node = reader.section(
            "supervision",
            allowing: [
                "turn_timeout", "attempts", "backoff", "file_limit", "files_per_turn", "heartbeat",
                "restarts", "window", "stable_after", "groups",
            ],
            isNeeded: false
        )
        turnTimeout = reader.span(
            "turn_timeout",
            in: node,
            path: path,
            default: TimeLimit(milliseconds: 30_000)
        )
        attempts = reader.int("attempts", in: node, path: path, range: 1...100, default: 3)
        backoff = reader.span(
            "backoff",
            in: node,
            path: path,
            default: TimeLimit(milliseconds: 100)
        )
        fileLimitBytes = reader.int(
            "file_limit",
            in: node,
            path: path,
            range: 1024...(64 << 20),
            default: 1 << 20
        )
        filesPerTurn = reader.int(
            "files_per_turn",
            in: node,
            path: path,
            range: 1...10_000,
            default: 200
        )
        let beat = TimeLimit(milliseconds: 5000)
        heartbeat =
            node["heartbeat"]?.scalar == "off"
            ? nil : reader.span("heartbeat", in: node, path: path, default: beat)
        restarts = reader.int("restarts", in: node, path: path, range: 0...1000, default: 5)
        let minute = TimeLimit(milliseconds: 60_000)
        window = reader.span("window", in: node, path: path, default: minute)
        stableAfter = reader.span("stable_after", in: node, path: path, default: minute)
        groups = Self.readGroups(&reader, in: node)
    }
}
