// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Rings when something changes among the files of one folder.
///
/// A ring says nothing about what has changed: whoever hears it looks into the folder. Files that
/// are made, moved in or out, written to or removed ring; what happens in folders below does not.
/// Wraps inotify(7).
public final class Doorbell: Sendable {
    private let queue: Descriptor

    /// Begins to watch a folder, which must exist.
    /// - Throws: `noSuchFolder`, or `resourceLimit` when the user watches too much already.
    public init(folder: String) throws(ProcessError) {
        let number = inotify_init1(O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else {
            throw ProcessError("watch", folder, errorNumber: errno, hint: Self.limitHint)
        }
        queue = Descriptor(adopting: number)
        guard inotify_add_watch(number, folder, Self.changes) >= 0 else {
            let failure = errno
            guard failure != ENOENT, failure != ENOTDIR else {
                throw ProcessError(
                    code: .noSuchFolder,
                    operation: "watch",
                    subject: folder,
                    errorNumber: failure,
                    hint: "make the folder first"
                )
            }
            throw ProcessError("watch", folder, errorNumber: failure, hint: Self.limitHint)
        }
    }

    /// Becomes readable when it rings and stays so until ``clear()``.
    public var descriptor: Int32 { queue.number }

    /// Stops the ringing; to be called before the look into the folder, so that no change is lost.
    /// - Returns: Whether the folder is still watched; one that was moved away or removed is not,
    ///   and takes a new doorbell.
    @discardableResult
    public func clear() -> Bool {
        var isWatched = true
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 8) { bytes in
            while true {
                let count = read(queue.number, bytes.baseAddress, bytes.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                if Self.tellsOfEnd(UnsafeRawBufferPointer(rebasing: bytes[..<count])) {
                    isWatched = false
                }
            }
        }
        return isWatched
    }

    /// Waits for a ring, and clears it.
    /// - Parameters:
    ///   - deadline: When to give up.
    ///   - clock: The clock of the deadline.
    ///   - wake: A further descriptor that ends the wait when it is readable.
    /// - Returns: What ended the wait.
    /// - Throws: `systemCall` when waiting itself fails.
    public func wait(
        until deadline: MonotonicInstant,
        clock: any MonotonicClock,
        wake: Int32? = nil
    ) throws(ProcessError) -> DoorbellOutcome {
        var entries = [queue.number, wake ?? -1].map {
            pollfd(fd: $0, events: Readiness.readable, revents: 0)
        }
        guard try Readiness.wait(&entries, until: deadline, clock: clock) else { return .timedOut }
        if entries[1].revents != 0 { return .interrupted }
        return clear() ? .rang : .folderGone
    }

    /// Whether one of the notes says that the folder itself has gone.
    private static func tellsOfEnd(_ notes: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        while place + headerBytes <= notes.count {
            let mask = notes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
            if mask & ends != 0 { return true }
            let length = notes.loadUnaligned(fromByteOffset: place + 12, as: UInt32.self)
            place += headerBytes + Int(length)
        }
        return false
    }

    /// The bytes of a note before its name: watch, mask, cookie and the name's length.
    private static let headerBytes = 16

    private static let changes = UInt32(
        IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_MODIFY | IN_DELETE | IN_DELETE_SELF
            | IN_MOVE_SELF
    )

    private static let ends = UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)

    private static let limitHint = "raise fs.inotify.max_user_instances or max_user_watches"
}
