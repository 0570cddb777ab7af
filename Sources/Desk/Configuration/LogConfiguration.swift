// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How large the logs of agents may grow.
public struct LogConfiguration: Sendable, Hashable {
    /// The size at which a log is put aside and a new one begun.
    public let rotate: ByteCount
    /// How many logs that were put aside are kept for each agent.
    public let keep: Int

    init(_ reader: inout YAMLReader) {
        let node = reader.section("logs", allowing: ["rotate", "keep"], isNeeded: false)
        let size = ByteCount(bytes: 10_000_000)
        rotate =
            reader.scalar(
                "rotate",
                in: node,
                path: "logs.",
                expected: "a size from 1kB to 10GB such as 10MB",
                default: size
            ) { text in
                ByteCount(text).flatMap { (1000...10_000_000_000).contains($0.bytes) ? $0 : nil }
            } ?? size
        keep = reader.int("keep", in: node, path: "logs.", range: 0...1000, default: 5)
    }
}
