// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
import Synchronization

/// A control group for one child, in which the kernel counts processes and refuses further ones.
///
/// Of root's processes the kernel keeps no count, so that a limit by user does not hold for them;
/// the controller `pids` counts whatever is in its group. The group goes away with this value, or,
/// when something in it is still about to end, before the next one is made.
final class CountedGroup {
    /// The file by which a process joins.
    let list: String
    private let folder: String

    private static let names = Mutex((next: 0, left: [String]()))

    /// Makes a group; nil when the kernel counts by user anyway or no group can be made.
    init?(limit: Int, in place: CountedGroupPlace? = .here) {
        guard let place else { return nil }
        let folder = Self.names.withLock { names in
            names.left.removeAll { rmdir($0) == 0 || errno == ENOENT }
            names.next += 1
            return "\(place.folder)/\(CountedGroupPlace.name)-\(getpid())-\(names.next)"
        }
        guard Self.make(folder, limit) else { return nil }
        self.folder = folder
        // A process with one thread may join by itself as a task, where there are tasks. To move
        // whole processes the kernel first waits until every processor has come to rest, which
        // takes longer than all else at a start.
        let tasks = "\(folder)/tasks"
        list = access(tasks, W_OK) == 0 ? tasks : "\(folder)/cgroup.procs"
    }

    deinit {
        guard rmdir(folder) != 0, errno == EBUSY else { return }
        Self.names.withLock { $0.left.append(folder) }
    }

    /// Makes the folder, which is the group, and sets its limit.
    static func make(_ folder: String, _ limit: Int) -> Bool {
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { return false }
        let file = open("\(folder)/pids.max", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else {
            rmdir(folder)
            return false
        }
        defer { close(file) }
        let text = Array("\(limit)".utf8)
        guard write(file, text, text.count) == text.count else {
            rmdir(folder)
            return false
        }
        return true
    }
}
