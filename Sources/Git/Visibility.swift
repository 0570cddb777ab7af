// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Which paths of a branch a worktree holds on the disk.
struct Visibility: Sendable {
    private let prefixes: [[[UInt8]]]

    init(_ paths: [String], _ operation: String) throws(GitError) {
        var prefixes: [[[UInt8]]] = []
        for path in paths {
            prefixes.append(try Path.parts(of: Path.trimmed(path), operation))
        }
        self.prefixes = prefixes
    }

    /// Reads the record that a worktree keeps of it, one path a line.
    init(recorded bytes: [UInt8], _ operation: String) throws(GitError) {
        try self.init(bytes.split(separator: 0x0A).map(\.text), operation)
    }

    var recorded: [UInt8] {
        Array(prefixes.map { $0.map(\.text).joined(separator: "/") + "\n" }.joined().utf8)
    }

    /// True when a path is one of the visible ones or lies below one.
    func shows(_ parts: [[UInt8]]) -> Bool {
        prefixes.contains { parts.starts(with: $0) }
    }

    /// True when a folder is visible or something below it is.
    func leadsOn(_ parts: [[UInt8]]) -> Bool {
        prefixes.contains { parts.starts(with: $0) || $0.starts(with: parts) }
    }
}
