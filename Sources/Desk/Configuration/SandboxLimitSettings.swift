// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What an agent's process may use, as `sandbox.limits` of the agent says.
public struct SandboxLimitSettings: Sendable, Hashable {
    /// Memory that one process writes to.
    public let memory: ByteCount
    /// Processes and threads at one time.
    public let processes: Int
    /// The size of one file.
    public let fileSize: ByteCount
    /// Open files of one process.
    public let openFiles: Int
    /// Processor time of one process; nil for no limit.
    public let cpu: TimeLimit?
    /// What fits into `/tmp`, and again into `/dev/shm`.
    public let temporary: ByteCount

    static let keys = ["memory", "processes", "file_size", "open_files", "cpu", "temporary"]

    init(_ reader: inout YAMLReader, in node: YAMLNode, path: String) {
        memory = Self.size(&reader, "memory", in: node, path, 16 << 20, default: 2 << 30)
        fileSize = Self.size(&reader, "file_size", in: node, path, 1 << 20, default: 64 << 20)
        temporary = Self.size(&reader, "temporary", in: node, path, 1 << 16, default: 64 << 20)
        processes = reader.int(
            "processes",
            in: node,
            path: path,
            range: 4...65_536,
            default: 128
        )
        openFiles = reader.int(
            "open_files",
            in: node,
            path: path,
            range: 16...65_536,
            default: 256
        )
        cpu =
            node["cpu"] == nil
            ? nil
            : reader.span("cpu", in: node, path: path, default: TimeLimit(milliseconds: 3_600_000))
    }

    private static func size(
        _ reader: inout YAMLReader,
        _ name: String,
        in node: YAMLNode,
        _ path: String,
        _ least: Int64,
        default fallback: Int64
    ) -> ByteCount {
        let lowest = ByteCount(bytes: least)
        return reader.scalar(
            name,
            in: node,
            path: path,
            expected: "a size of at least \(lowest) such as 64MiB",
            default: ByteCount(bytes: fallback)
        ) { ByteCount($0).flatMap { $0.bytes >= least ? $0 : nil } } ?? lowest
    }
}
