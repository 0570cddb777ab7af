// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What `/proc` tells of the processes of this computer at the moment of asking.
enum ProcessTable {
    /// One process; the start time tells it from a later one with the same number.
    struct Entry: Hashable {
        let processID: Int32
        let startTicks: UInt64
    }

    /// What the line in `/proc/<number>/stat` says.
    struct Status {
        let entry: Entry
        let parent: Int32
        /// Whether it has ended and only waits to be reaped.
        let hasEnded: Bool
        /// Whether a signal has stopped it; one that a debugger holds is not.
        let isStopped: Bool
    }

    /// The largest environment that is looked at.
    static let environmentLimitBytes = 4 << 20

    /// The status of a process; nil when there is none.
    static func status(of processID: Int32) -> Status? {
        guard let bytes = read("/proc/\(processID)/stat", limitBytes: 4096),
            // The name in brackets may hold anything, brackets too.
            let end = bytes.lastIndex(of: 0x29)
        else { return nil }
        let fields = bytes[(end + 1)...].split(separator: 0x20)
            .map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 19, let parent = Int32(fields[1]), let start = UInt64(fields[19])
        else { return nil }
        return Status(
            entry: Entry(processID: processID, startTicks: start),
            parent: parent,
            hasEnded: fields[0] == "Z" || fields[0] == "X",
            isStopped: fields[0] == "T"
        )
    }

    /// Whether a process still is the one that was seen and has not ended.
    static func isAlive(_ entry: Entry) -> Bool {
        guard let status = status(of: entry.processID) else { return false }
        return status.entry == entry && !status.hasEnded
    }

    /// The children of a process, ended ones included, in no particular order.
    static func children(of processID: Int32) -> [Int32] {
        let folder = "/proc/\(processID)/task"
        var found: [Int32] = []
        for thread in numbers(in: folder) {
            guard let bytes = read("\(folder)/\(thread)/children", limitBytes: 1 << 20) else {
                // A thread that has ended since has no children; a kernel without these files
                // gives every process's parent all the same.
                guard hasChildrenFiles else { return all().filter { parent(of: $0) == processID } }
                continue
            }
            found += bytes.split(separator: 0x20)
                .compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
        }
        return found
    }

    /// All that descend from a process and have not ended, itself left out.
    static func descendants(of processID: Int32) -> Set<Entry> {
        var found: Set<Entry> = []
        var open = children(of: processID)
        while let next = open.popLast() {
            guard let status = status(of: next), found.insert(status.entry).inserted else {
                continue
            }
            open += children(of: next)
        }
        return found.filter(isAlive)
    }

    /// Whether a signal has stopped the only child of a process, the only child of that, or so on.
    ///
    /// Such are a program and the processes of its sandbox, which wait for nothing else.
    static func hasStoppedHeir(_ processID: Int32) -> Bool {
        var (number, seen) = (processID, Set<Int32>())
        while seen.insert(number).inserted {
            let living = children(of: number).compactMap(status).filter { !$0.hasEnded }
            guard living.count == 1, let heir = living.first else { return false }
            guard !heir.isStopped else { return true }
            number = heir.entry.processID
        }
        return false
    }

    /// All process numbers.
    static func all() -> [Int32] { numbers(in: "/proc") }

    /// The entries of a process's environment; nil when it may not be read.
    static func environment(of processID: Int32) -> Set<[UInt8]>? {
        read("/proc/\(processID)/environ", limitBytes: environmentLimitBytes).map { bytes in
            Set(bytes.split(separator: 0).map { Array($0) })
        }
    }

    /// The user that a process runs as; nil when there is none.
    static func owner(of processID: Int32) -> UInt32? {
        var status = stat()
        return stat("/proc/\(processID)", &status) == 0 ? status.st_uid : nil
    }

    private static let hasChildrenFiles =
        read(
            "/proc/self/task/\(getpid())/children",
            limitBytes: 1 << 20
        ) != nil

    private static func parent(of processID: Int32) -> Int32? { status(of: processID)?.parent }

    /// The names in a folder that are numbers, in no particular order.
    static func numbers(in path: String) -> [Int32] {
        names(in: path).compactMap { Int32($0) }
    }

    /// The names in a folder, in no particular order; none when it cannot be read.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var found: [String] = []
        while let entry = readdir(folder) {
            found.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
            )
        }
        return found
    }

    /// The bytes of a file of the kernel's, which has no length beforehand; nil when unreadable.
    static func read(_ path: String, limitBytes: Int) -> [UInt8]? {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        defer { close(number) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count < limitBytes {
            let count = Glibc.read(number, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return bytes
    }
}
