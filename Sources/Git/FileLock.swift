// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A lock that other processes respect and that the system drops when its holder dies.
struct FileLock: ~Copyable {
    private let file: Descriptor

    /// Waits for the lock on a file, making the file if need be.
    init(waitingFor path: String, _ operation: String) throws(GitError) {
        let number = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw GitError.system(operation, at: path) }
        let opened = Descriptor(number)
        while flock(number, LOCK_EX) != 0 {
            guard errno == EINTR else { throw GitError.system(operation, at: path) }
        }
        file = opened
    }

    /// Takes the lock on a file if nobody has it; nil when somebody does.
    init?(trying path: String, _ operation: String) throws(GitError) {
        let number = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw GitError.system(operation, at: path) }
        let opened = Descriptor(number)
        while flock(number, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw GitError.system(operation, at: path) }
            return nil
        }
        file = opened
    }

    /// Keeps the lock until here; without a use, the compiler may end a value early.
    func release() {}
}
