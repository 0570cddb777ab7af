// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Which paths of a branch a worktree holds on the disk.
struct Visibility: Sendable {
    /// Without a slash at the end.
    private let prefixes: [[UInt8]]

    init(_ paths: [String], _ operation: String) throws(GitError) {
        var prefixes: [[UInt8]] = []
        for path in paths {
            let parts = try Path.parts(of: Path.trimmed(path), operation)
            prefixes.append(Array(parts.joined(separator: [0x2F])))
        }
        self.prefixes = prefixes
    }

    /// Reads the record that a worktree keeps of it, one path a line.
    init(recorded bytes: [UInt8], _ operation: String) throws(GitError) {
        try self.init(bytes.split(separator: 0x0A).map(\.text), operation)
    }

    var recorded: [UInt8] { prefixes.flatMap { $0 + [0x0A] } }

    /// True when a path is one of the visible ones or lies below one.
    func shows(_ path: [UInt8]) -> Bool {
        prefixes.contains { Self.isPath(path, atOrBelow: $0) }
    }

    /// True when a path is visible or something below it is.
    func leadsOn(_ path: [UInt8]) -> Bool {
        prefixes.contains {
            Self.isPath(path, atOrBelow: $0) || Self.isPath($0, atOrBelow: path)
        }
    }

    private static func isPath(_ path: [UInt8], atOrBelow folder: [UInt8]) -> Bool {
        guard path.count >= folder.count,
            path.count == folder.count || path[folder.count] == 0x2F
        else { return false }
        return path.starts(with: folder)
    }
}
