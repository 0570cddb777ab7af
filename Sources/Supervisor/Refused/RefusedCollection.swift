// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// Takes in what a refused turn left in its outbox and its memory, bounded and with secrets masked.
struct RefusedCollection {
    /// The most files, bytes of one file, bytes of all, and folders in one another.
    static let fileLimit = 256
    static let fileLimitBytes = 1 << 20
    static let totalLimitBytes = 4 << 20
    static let depthLimit = 4
    /// What is cut off behind a file that is not kept whole: its end may be half a secret.
    private static let cutBytes = 1 << 10

    private let secrets: SecretScan
    private(set) var files: [RefusedOutput.File] = []
    private(set) var more = 0
    private var bytesLeft = Self.totalLimitBytes

    /// Collects from a worktree; what cannot be read is named without its content.
    init(_ worktree: Folder, of agent: AgentName, secrets: SecretScan) {
        self.secrets = secrets
        let root: UntrustedFolder
        do {
            root = try UntrustedFolder(worktree)
        } catch {
            // A worktree that is gone holds nothing.
            return
        }
        let memory = Array("\(agent.folder)/STATE.md".utf8)
        if let kind = root.kind(of: memory) { add(memory, kind, in: root, at: "") }
        let outbox = Array(TurnContract.outbox.utf8)
        if let kind = root.kind(of: outbox) { add(outbox, kind, in: root, at: "", depth: 0) }
        files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private mutating func add(
        _ name: [UInt8],
        _ kind: UntrustedFolder.Kind,
        in folder: borrowing UntrustedFolder,
        at parent: String,
        depth: Int = 1
    ) {
        guard files.count < Self.fileLimit else {
            more += 1
            return
        }
        let path = parent + secrets.masked(String(decoding: name, as: UTF8.self))
        switch kind {
        case .file: read(name, in: folder, path)
        case .folder:
            if depth > 0 { note(path, kind) }
            guard depth < Self.depthLimit else { return }
            // A folder that cannot be listed is named all the same.
            guard let inner = try? folder.folder(name) else { return }
            // As above; one with too many entries counts as one more.
            guard let entries = try? inner.entries(atMost: 10_000) else {
                more += 1
                return
            }
            let sorted = entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
            for entry in sorted {
                add(entry.name, entry.kind, in: inner, at: "\(path)/", depth: depth + 1)
            }
        case .link, .other: note(path, kind)
        }
    }

    private mutating func read(
        _ name: [UInt8],
        in folder: borrowing UntrustedFolder,
        _ path: String
    ) {
        let limit = min(Self.fileLimitBytes, bytesLeft)
        // One with a second name may be somebody else's, and is named only.
        guard let found = try? folder.readBeginning(name, limitBytes: limit) else {
            return note(path, .file)
        }
        let isWhole = found.bytes.count == found.length
        let (masked, count) = secrets.masked(found.bytes)
        let kept = isWhole ? masked : Array(masked.dropLast(Self.cutBytes))
        bytesLeft -= found.bytes.count
        files.append(
            RefusedOutput.File(
                path: path,
                kind: UntrustedFolder.Kind.file.rawValue,
                length: found.length,
                content: kept,
                isWhole: isWhole,
                masked: count
            )
        )
    }

    private mutating func note(_ path: String, _ kind: UntrustedFolder.Kind) {
        files.append(
            RefusedOutput.File(
                path: path,
                kind: kind.rawValue,
                length: 0,
                content: nil,
                isWhole: false,
                masked: 0
            )
        )
    }
}
