// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Glibc

/// What a worktree and its record look like from outside, to see cheaply whether anybody was there.
struct WorktreeLook: Hashable {
    /// The part of a file's status that changes when somebody writes to it.
    private struct Seen: Hashable {
        let file: UInt
        let size: Int
        let seconds: Int
        let nanoseconds: Int
    }

    private let seen: [String: Seen]
    /// Whether everything is there without which it is no worktree of the agent's.
    let isWhole: Bool

    /// Looks at the folders and files that an agent's worktree shows, and at git's record of it.
    init(_ desk: OpenDesk, _ agent: AgentConfiguration) {
        let worktree = desk.folder.worktree(agent.name).path
        let record = "\(desk.repository.commonFolder)/worktrees/\(agent.name)"
        var paths = ["HEAD", "gitdir", "index", "index.lock"].map { "\(record)/\($0)" }
        paths += [record, worktree, "\(worktree)/.git", "\(worktree)/agents"]
        paths += ["\(worktree)/skills", "\(worktree)/\(agent.name.folder)"]
        for path in AgentBranch.visiblePaths(of: agent) {
            paths.append("\(worktree)/\(path)")
            if path.hasPrefix("skills/") { paths.append("\(worktree)/\(path)/SKILL.md") }
        }
        var seen: [String: Seen] = [:]
        for path in paths {
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            seen[path] = Seen(
                file: UInt(status.st_ino),
                size: Int(status.st_size),
                seconds: status.st_ctim.tv_sec,
                nanoseconds: status.st_ctim.tv_nsec
            )
        }
        self.seen = seen
        isWhole = ["\(record)/HEAD", "\(worktree)/.git", "\(worktree)/\(agent.name.folder)"]
            .allSatisfy { seen[$0] != nil }
    }
}
