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

    init(_ reader: inout YAMLReader) {
        let path = "supervision."
        let node = reader.section(
            "supervision",
            allowing: ["turn_timeout", "attempts", "backoff", "file_limit", "files_per_turn"],
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
    }
}
