// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
public import Processes

/// The claim of one supervisor to one desk, released when its holder ends, however it ends.
public struct DeskLock: ~Copyable {
    private let lock: FileLock

    /// Tells whether the desk at the path is still the one that is locked; good while the lock is
    /// held.
    public var claim: DeskClaim { DeskClaim(lock.watch) }

    /// Takes the lock without waiting.
    /// - Throws: A ``SupervisorError`` with code `alreadyRunning` that says who holds it.
    public static func take(_ folder: DeskFolder, purpose: String) throws -> DeskLock {
        try folder.runtime.create()
        switch try FileLock.take(path: folder.lockPath, note: purpose) {
        case .taken(let lock):
            return DeskLock(lock: lock)
        case .heldBy(let holder):
            let who = holder.map { "process \($0.processID) (\($0.note))" } ?? "another process"
            throw SupervisorError(
                .alreadyRunning,
                "\(who) runs this desk",
                hint: "loopdesk down ends a desk that is up; wait for a replay, or stop it with"
                    + " Ctrl-C where it runs"
            )
        }
    }

    /// Who runs a desk; nil when nobody does.
    /// - Throws: A `ProcessError` when the lock cannot be looked at.
    public static func holder(_ folder: DeskFolder) throws -> String? {
        switch try look(folder) {
        case .none: nil
        case .some(.none): "another process"
        case .some(.some(let holder)): "process \(holder.processID) (\(holder.note))"
        }
    }

    /// The process that runs a desk; nil when nobody does.
    ///
    /// While it has not said who it is yet, and while it ends, it counts as nobody.
    /// - Throws: A `ProcessError` when the lock cannot be looked at.
    public static func holderInfo(_ folder: DeskFolder) throws -> HolderInfo? {
        try look(folder) ?? nil
    }

    private static func look(_ folder: DeskFolder) throws -> HolderInfo?? {
        guard try folder.runtime.readIfPresent("lock") != nil else { return .none }
        switch try FileLock.take(path: folder.lockPath, note: "loopdesk status") {
        case .taken: return .none
        case .heldBy(let holder): return .some(holder)
        }
    }

    private init(lock: consuming FileLock) {
        self.lock = lock
    }
}
