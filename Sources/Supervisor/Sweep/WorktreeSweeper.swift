// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Glibc

/// Makes what an agent left in its worktree harmless before anybody is told of it.
///
/// Files that attack whoever runs git, a shell or an editor in a worktree get names on which
/// nothing acts, and what tells git where the worktree belongs is put back. The top of a worktree
/// and git's record of it are looked at closely only when their files have changed since the last
/// sweep; a sandboxed agent cannot write there at all.
final class WorktreeSweeper {
    private let desk: OpenDesk
    private var looks: [AgentName: Look] = [:]

    init(_ desk: OpenDesk) { self.desk = desk }

    /// Sweeps a worktree.
    /// - Parameters:
    ///   - agent: The agent.
    ///   - hasUnfinished: Whether the outbox may hold more than finished files, which are checked.
    /// - Returns: What was found, and what could not be looked at; empty when all is well.
    @discardableResult
    func sweep(_ agent: AgentConfiguration, hasUnfinished: Bool = true) -> [SweepFinding] {
        var sweep = FolderSweep()
        let root: UntrustedFolder
        do {
            root = try UntrustedFolder(desk.folder.worktree(agent.name))
        } catch {
            // A worktree that is gone holds nothing; who took it away is found out elsewhere.
            return []
        }
        if Look(desk, agent) != looks[agent.name] {
            sweepTop(root, agent, &sweep)
            looks[agent.name] = sweep.findings.isEmpty ? Look(desk, agent) : nil
        }
        enter(agent.name.folder, in: root, &sweep, tools: true)
        enter(TurnContract.inbox, in: root, &sweep)
        enter(TurnContract.work, in: root, &sweep)
        if hasUnfinished { enter(TurnContract.outbox, in: root, &sweep) }
        return sweep.findings
    }

    private func enter(
        _ name: String,
        in root: borrowing UntrustedFolder,
        _ sweep: inout FolderSweep,
        tools: Bool = false
    ) {
        do {
            sweep.sweep(try root.folder(name.utf8), at: name, FolderSweep.Rules(tools: tools))
        } catch {
            // What is not there, or no folder, leads nowhere.
            guard error.code != .notFound, error.code != .wrongKind else { return }
            sweep.leave(name, error.reason)
        }
    }

    private func sweepTop(
        _ root: borrowing UntrustedFolder,
        _ agent: AgentConfiguration,
        _ sweep: inout FolderSweep
    ) {
        let name = agent.name.description
        let pointer = Array(".git".utf8)
        do {
            let isForeign =
                switch root.kind(of: pointer) {
                case nil: false
                case .file: try !isOwn(root, name)
                default: true
                }
            // What stands there is kept for a person under its new name, and swept with the rest.
            if isForeign { _ = sweep.defuse(pointer, in: root, at: "") }
        } catch {
            sweep.leave(".git", error.reason)
        }
        let known: Set = [
            ".git", "agents", TurnContract.inbox, TurnContract.outbox, TurnContract.work,
        ]
        sweep.sweep(root, at: "", FolderSweep.Rules(tools: true, known: known))
        do {
            let folders = try root.folder("agents".utf8)
            let own = FolderSweep.Rules(tools: true, known: [name])
            sweep.sweep(folders, at: "agents", own)
        } catch {
            // The worktree of an agent without its folder is put back before its next turn.
        }
        do throws(GitError) {
            let place = desk.folder.worktree(agent.name).path
            for what in try desk.repository.sealWorktree(name, at: place) {
                sweep.note(SweepFinding(path: what, action: .putBack))
            }
        } catch {
            sweep.leave("git's record", "\(error)")
        }
    }

    /// Whether the `.git` file is the one that the desk wrote, what a power cut left of it, or the
    /// one of the desk's place before it was moved or copied.
    ///
    /// The latter two are written anew.
    /// - Throws: A `FileError` when it cannot be read, for git neither.
    private func isOwn(
        _ root: borrowing UntrustedFolder,
        _ name: String
    ) throws(FileError) -> Bool {
        let bytes: [UInt8]
        do {
            bytes = try root.read(".git", limitBytes: 1 << 16)
        } catch {
            guard error.code == .wrongKind || error.code == .tooLarge else { throw error }
            return false
        }
        let own = Array(desk.repository.pointer(to: name).utf8) + [0x0A]
        let end = Array(".git/worktrees/\(name)\n".utf8)
        let isOfOldPlace =
            bytes.starts(with: "gitdir: /".utf8) && bytes.suffix(end.count) == end[...]
            && bytes.count { $0 == 0x0A } == 1
        return own.starts(with: bytes) || bytes.allSatisfy { $0 == 0 } || isOfOldPlace
    }
}

/// What changes outside when somebody writes at the top of a worktree or in git's record of it.
private struct Look: Equatable {
    private var seen: [Int] = []

    init(_ desk: OpenDesk, _ agent: AgentConfiguration) {
        let worktree = desk.folder.worktree(agent.name).path
        let record = "\(desk.repository.commonFolder)/worktrees/\(agent.name)"
        for path in [
            worktree, "\(worktree)/.git", "\(worktree)/agents", "\(worktree)/skills", record,
            "\(record)/commondir", "\(record)/index",
        ] {
            var status = stat()
            guard lstat(path, &status) == 0 else {
                seen.append(-1)
                continue
            }
            seen += [Int(status.st_ino), Int(status.st_size)]
            seen += [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
        }
    }
}
