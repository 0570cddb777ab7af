// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Processes

/// Looks for git's lock files and for who holds them.
struct GitLockCheck: ExaminationCheck {
    let folder: DeskFolder
    let repository: Repository
    let now: Instant

    var name: String { "locks" }

    /// A lock that is younger is somebody at work.
    static let youngSeconds: Int64 = 10

    func look() throws -> ExaminationResult {
        let isRunning = try DeskLock.holder(folder) != nil
        // Those of a desk that runs come and go.
        let locks = try repository.lockFiles().filter { lock in
            lock.isOurs
                ? !isRunning : now.secondsSinceEpoch - Int64(lock.seconds) >= Self.youngSeconds
        }
        let users = FileUsers.all(of: locks.map(\.path))
        var findings = locks.map { finding($0, users[$0.path] ?? []) }
        if let claim = try repository.collectionClaim(), let found = finding(claim, isRunning) {
            findings.append(found)
        }
        return ExaminationResult(findings, detail: "nobody holds a lock of git's")
    }

    private func finding(_ lock: RepositoryLock, _ users: [FileUsers.User]) -> Finding {
        let place = ".git/\(lock.name)"
        guard !lock.isOurs else {
            return Finding(
                .lockOurs,
                at: place,
                "a desk that was killed left it",
                remedy: "start the desk, which removes it"
            )
        }
        let age = now.secondsSinceEpoch - Int64(lock.seconds)
        let holders = users.map { "process \($0.processID) (\($0.name))" }
        guard holders.isEmpty else {
            return Finding(
                .lockForeign,
                at: place,
                "\(holders.joined(separator: ", ")) holds it since \(age) s",
                remedy: "wait for that process, or end it"
            )
        }
        return Finding(
            .lockForeign,
            at: place,
            "it is there since \(age) s and no process that you may look at has it open",
            remedy: "if no git and no editor is at work, remove it: rm '\(lock.path)'"
        )
    }

    private func finding(_ claim: CollectionClaim, _ isRunning: Bool) -> Finding? {
        if claim.isOurs {
            guard !isRunning, !claim.isAlive else { return nil }
            return Finding(
                .collectionClaimDead,
                at: ".git/gc.pid",
                "process \(claim.processID), a desk, has ended and left its claim",
                remedy: "start the desk, which removes it"
            )
        }
        // Git itself passes over the claim of a process that has ended.
        guard claim.isAlive else { return nil }
        return Finding(
            .collectionRunning,
            at: ".git/gc.pid",
            "git gc runs as process \(claim.processID) on \(claim.host)",
            remedy: "nothing is wrong; what the desk publishes is protected"
        )
    }
}
