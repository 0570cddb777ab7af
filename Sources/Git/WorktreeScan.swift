// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2
import Glibc

/// The files that a worktree has on its disk, without those that git ignores.
///
/// Looks at names one at a time and follows no link, since an agent may have written anything.
struct WorktreeScan {
    struct File {
        let mode: FileMode
        let bytes: [UInt8]
    }

    /// Bounds of what one worktree may hold; beyond them the scan fails and nothing is removed.
    static let fileLimit = 100_000
    static let totalLimitBytes = 1 << 30
    static let depthLimit = 64

    private let tracked: Set<[UInt8]>
    private let trackedFolders: Set<[UInt8]>
    private let isIgnored: (String) throws(GitError) -> Bool
    private let operation: String
    private(set) var files: [[UInt8]: File] = [:]
    private var totalBytes = 0

    init(
        _ folder: borrowing Folder,
        tracked: Set<[UInt8]>,
        _ operation: String,
        isIgnored: @escaping (String) throws(GitError) -> Bool
    ) throws(GitError) {
        self.tracked = tracked
        self.isIgnored = isIgnored
        self.operation = operation
        var folders: Set<[UInt8]> = []
        for path in tracked {
            for position in path.indices where path[position] == 0x2F {
                folders.insert(Array(path[..<position]))
            }
        }
        trackedFolders = folders
        try scan(folder, below: [], depth: 0)
    }

    private mutating func scan(
        _ folder: borrowing Folder,
        below prefix: [UInt8],
        depth: Int
    ) throws(GitError) {
        guard depth < Self.depthLimit else {
            let reason = "folders are nested more than \(Self.depthLimit) deep"
            throw GitError(.tooLarge, operation, at: folder.path, reason)
        }
        for name in try folder.names(operation) where !Path.isGitFolder(name) {
            let path = prefix + name
            guard let status = try folder.status(name, operation) else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                let isKnown = trackedFolders.contains(path)
                if !isKnown, try isIgnored(path.text + "/") { continue }
                guard let child = try folder.child(name, operation) else { continue }
                try scan(child, below: path + [0x2F], depth: depth + 1)
            } else {
                if !tracked.contains(path), try isIgnored(path.text) { continue }
                try take(name, path, folder)
            }
        }
    }

    private mutating func take(
        _ name: [UInt8],
        _ path: [UInt8],
        _ folder: borrowing Folder
    ) throws(GitError) {
        let rest = Self.totalLimitBytes - totalBytes
        // Pipes and sockets have no content to save.
        guard let found = try folder.load(name, limitBytes: rest, operation) else { return }
        guard files.count < Self.fileLimit else {
            let reason = "more than \(Self.fileLimit) files; remove what is not needed"
            throw GitError(.tooLarge, operation, at: folder.path, reason)
        }
        totalBytes += found.bytes.count
        files[path] = File(mode: found.mode, bytes: found.bytes)
    }
}
