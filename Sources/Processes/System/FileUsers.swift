// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The processes that have files open, as far as this user may see.
public enum FileUsers {
    /// One process and what its program is called.
    public struct User: Sendable, Hashable {
        /// Its process number.
        public let processID: Int32
        /// Its name, at most fifteen bytes long.
        public let name: String
    }

    /// The processes that have any of some files open, by file and then by number.
    ///
    /// Files are told by device and inode, whatever path they were opened by. Looks at every
    /// descriptor of every process that may be looked at; those of other users are not seen.
    public static func all(of paths: [String]) -> [String: [User]] {
        var wanted: [File: [String]] = [:]
        for path in paths {
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            wanted[File(status), default: []].append(path)
        }
        guard !wanted.isEmpty else { return [:] }
        var found: [String: [User]] = [:]
        for number in ProcessTable.all().sorted() {
            let folder = "/proc/\(number)/fd"
            var seen: Set<String> = []
            for descriptor in ProcessTable.numbers(in: folder) {
                var status = stat()
                guard stat("\(folder)/\(descriptor)", &status) == 0 else { continue }
                seen.formUnion(wanted[File(status)] ?? [])
            }
            for path in seen { found[path, default: []].append(user(number)) }
        }
        return found
    }

    private struct File: Hashable {
        let device: UInt
        let inode: UInt

        init(_ status: stat) {
            device = UInt(status.st_dev)
            inode = UInt(status.st_ino)
        }
    }

    private static func user(_ number: Int32) -> User {
        let bytes = ProcessTable.read("/proc/\(number)/comm", limitBytes: 64) ?? []
        let name = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        return User(processID: number, name: name)
    }
}
