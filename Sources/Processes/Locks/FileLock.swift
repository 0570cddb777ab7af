// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An exclusive lock on a file, held until this value goes away or the process ends.
///
/// The kernel frees it at any kind of death. Children do not inherit it. The file stays where it
/// is, because removing it would let two processes lock two files of one name.
public struct FileLock: ~Copyable {
    /// What came of trying to take a lock.
    public enum Outcome: ~Copyable {
        /// It is ours now.
        case taken(FileLock)
        /// Somebody else has it; nil in the moment before the holder has written about itself.
        case heldBy(HolderInfo?)
    }

    private let descriptor: Descriptor
    /// Tells whether the lock is still where it was taken.
    public let watch: LockWatch

    private static let longestText = 4096

    private init(_ descriptor: consuming Descriptor, _ watch: LockWatch) {
        self.descriptor = descriptor
        self.watch = watch
    }

    deinit {
        // A note that stays behind is replaced by the next holder, so a failure does no harm.
        _ = ftruncate(descriptor.number, 0)
        // Closing alone would not do: a child between fork and exec holds the file open as well.
        _ = flock(descriptor.number, LOCK_UN)
    }

    /// Tries to take the lock without waiting; a lock of another holder is not an error.
    ///
    /// - Throws: `permissionDenied` or `systemCall` when the file cannot be opened or written,
    ///   `resourceLimit` when descriptors or space have run out.
    public static func take(
        path: String,
        note: String
    ) throws(ProcessError) -> Outcome {
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else { throw ProcessError("open lock", path, errorNumber: errno) }
        let descriptor = Descriptor(adopting: number)
        while flock(number, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK: return .heldBy(readHolder(number))
            default: throw ProcessError("lock", path, errorNumber: errno)
            }
        }
        let info = HolderInfo(processID: getpid(), bootID: loadBootID(), note: note)
        try write(info, to: number, path)
        let watch = try LockWatch(number, path)
        return .taken(FileLock(descriptor, watch))
    }

    private static func write(
        _ info: HolderInfo,
        to number: Int32,
        _ path: String
    ) throws(ProcessError) {
        let text = Array(info.text.utf8.prefix(longestText - 1))
        guard ftruncate(number, 0) == 0, pwrite(number, text, text.count, 0) == text.count else {
            throw ProcessError("write lock", path, errorNumber: errno)
        }
    }

    /// Reads the holder; nil when the text is unfinished or left over from one that is dead.
    private static func readHolder(_ number: Int32) -> HolderInfo? {
        let text = readText(number)
        guard let info = HolderInfo(text: text), info.bootID == loadBootID() else { return nil }
        return kill(info.processID, 0) == 0 || errno == EPERM ? info : nil
    }

    private static func readText(_ number: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: longestText)
        let count = pread(number, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    private static func loadBootID() -> String {
        let number = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return "unknown" }
        let text = readText(number)
        _ = close(number)
        return String(text.prefix { !$0.isNewline })
    }
}
