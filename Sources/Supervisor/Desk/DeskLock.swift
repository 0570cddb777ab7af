// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
import Processes

/// The claim of one supervisor to one desk, released when its holder ends, however it ends.
public struct DeskLock: ~Copyable {
    private let lock: FileLock

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
                hint: "wait until it has finished, or stop it with Ctrl-C where it runs"
            )
        }
    }

    /// Who runs a desk; nil when nobody does.
    /// - Throws: A `ProcessError` when the lock cannot be looked at.
    public static func holder(_ folder: DeskFolder) throws -> String? {
        guard folder.runtime.contains("lock") else { return nil }
        switch try FileLock.take(path: folder.lockPath, note: "loopdesk status") {
        case .taken: return nil
        case .heldBy(let holder):
            return holder.map { "process \($0.processID) (\($0.note))" } ?? "another process"
        }
    }

    private init(lock: consuming FileLock) {
        self.lock = lock
    }
}
