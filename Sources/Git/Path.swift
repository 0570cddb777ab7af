// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Paths as plain text; nothing here touches a disk.
enum Path {
    static func join(_ folder: String, _ rest: String) -> String {
        folder.hasSuffix("/") ? folder + rest : folder + "/" + rest
    }

    static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// The folder that holds a path.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func name(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[path.index(after: slash)...])
    }

    /// The parts of a path inside a tree.
    ///
    /// - Throws: `.invalid` when git or a file system would read a part as something else.
    static func parts(of path: String, _ operation: String) throws(GitError) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        let pieces = Array(path.utf8).split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        for piece in pieces {
            let part = Array(piece)
            guard isAllowed(part) else {
                let reason = "a part is empty, '.', '..', '.git', too long or holds NUL"
                throw GitError(.invalid, operation, at: path, reason)
            }
            parts.append(part)
        }
        return parts
    }

    /// False for names that must never be stored in a tree.
    static func isAllowed(_ name: [UInt8]) -> Bool {
        guard !name.isEmpty, name.count <= 255, !name.contains(0), !name.contains(0x2F) else {
            return false
        }
        return name != Array(".".utf8) && name != Array("..".utf8) && !isGitFolder(name)
    }

    /// True for `.git` in any case, with the endings that some file systems ignore, and for the
    /// short name that Windows gives it.
    static func isGitFolder(_ name: [UInt8]) -> Bool {
        var lowered = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        while let last = lowered.last, last == 0x20 || last == 0x2E { lowered.removeLast() }
        return lowered == Array(".git".utf8) || lowered == Array("git~1".utf8)
    }
}
