// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// What tells a supervisor whether the desk at its path is still the one whose lock it holds.
///
/// Paths are resolved at each use. When somebody moves the folder away and puts a backup in its
/// place, everything that is written from then on goes into the other desk, which has a lock of its
/// own and may have a supervisor of its own.
public struct DeskClaim: Sendable {
    private let watch: LockWatch

    init(_ watch: LockWatch) {
        self.watch = watch
    }

    /// Whether it is; costs one system call.
    var isHeld: Bool { watch.isInPlace }

    /// Checks that it is.
    /// - Throws: A ``SupervisorError`` with code `displaced`; nothing below the desk's path may be
    ///   written any more.
    public func require() throws {
        guard !isHeld else { return }
        throw SupervisorError(
            .displaced,
            "the desk's lock .loopdesk/lock is gone or another file than the one that was taken, as"
                + " when the folder is moved away or a backup takes its place",
            hint: "nothing more was published; look which desk is there, then start it again"
        )
    }
}
