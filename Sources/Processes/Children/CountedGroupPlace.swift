// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Where groups that count processes are made: beside or below the group of this process.
struct CountedGroupPlace: Hashable {
    /// What the names of all groups begin with, before the number of the process that made them.
    static let name = "loopdesk"

    /// The folder of the group in which they are.
    let folder: String

    /// The place of this process; nil when the kernel counts its children by user, and when no
    /// group can be made.
    static let here: CountedGroupPlace? = isNeeded ? find() : nil

    /// Whether the kernel keeps no count of what this process starts, since root does.
    ///
    /// Root of a user namespace is another user outside, whose processes are counted.
    static let isNeeded: Bool = {
        guard geteuid() == 0 else { return false }
        let map = ProcessTable.read("/proc/self/uid_map", limitBytes: 4096) ?? []
        return isRoot(String(decoding: map, as: UTF8.self))
    }()

    /// Whether user 0 is user 0 outside as well, by the lines of a map: inside, outside, count.
    static func isRoot(_ map: String) -> Bool {
        map.split(separator: "\n").contains { line in
            line.split(separator: " ").prefix(2).allSatisfy { $0 == "0" }
        }
    }

    /// The first folder in which a group can be made that has a limit.
    private static func find() -> CountedGroupPlace? {
        func text(_ name: String) -> String {
            let bytes = ProcessTable.read("/proc/self/\(name)", limitBytes: 1 << 20) ?? []
            return String(decoding: bytes, as: UTF8.self)
        }
        for folder in folders(mounts: text("mountinfo"), own: text("cgroup")) {
            let trial = "\(folder)/\(name)-\(getpid())-0"
            guard CountedGroup.make(trial, 1) else { continue }
            rmdir(trial)
            removeStale(in: folder)
            return CountedGroupPlace(folder: folder)
        }
        return nil
    }

    /// Removes the groups of desks that were killed; one with a process in it stays.
    static func removeStale(in folder: String) {
        for group in ProcessTable.names(in: folder) {
            let parts = group.split(separator: "-")
            guard parts.count == 3, parts[0] == name, let owner = Int32(parts[1]),
                ProcessTable.status(of: owner) == nil
            else { continue }
            rmdir("\(folder)/\(group)")
        }
    }

    /// The folders to try: the group of this process, then those above it, of the hierarchy that
    /// has `pids`, and after that of the one for all controllers.
    ///
    /// The arguments are the texts of `/proc/self/mountinfo` and `/proc/self/cgroup`.
    static func folders(mounts: String, own: String) -> [String] {
        var first: [String] = []
        var second: [String] = []
        for line in mounts.split(separator: "\n") {
            // Six fields and some more, a dash, then type, source and options.
            let fields = line.split(separator: " ").map(String.init)
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else {
                continue
            }
            let (root, mount) = (fields[3], fields[4])
            let isOne = fields[dash + 3].split(separator: ",").contains("pids")
            switch fields[dash + 1] {
            case "cgroup" where isOne:
                first += path(of: "pids", in: own).map { climb($0, root, mount) } ?? []
            case "cgroup2": second += path(of: "", in: own).map { climb($0, root, mount) } ?? []
            default: continue
            }
        }
        return first + second
    }

    /// The path of the own group, by lines such as `8:pids:/user` or `0::/user`.
    private static func path(of controller: String, in own: String) -> String? {
        for line in own.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[1].split(separator: ",", omittingEmptySubsequences: false)
                .contains(controller[...])
            {
                return String(parts[2])
            }
        }
        return nil
    }

    /// The folder of a path below a mount point that shows `root`, and those above it.
    private static func climb(_ path: String, _ root: String, _ mount: String) -> [String] {
        let isInside = root == "/" || path == root || path.hasPrefix("\(root)/")
        var parts =
            isInside ? path.dropFirst(root == "/" ? 0 : root.count).split(separator: "/") : []
        var found: [String] = []
        while !parts.isEmpty {
            found.append("\(mount)/\(parts.joined(separator: "/"))")
            parts.removeLast()
        }
        return found + [mount]
    }
}
