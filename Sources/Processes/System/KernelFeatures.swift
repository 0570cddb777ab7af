// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Glibc

/// What the running kernel offers of the things that a desk uses.
public struct KernelFeatures: Sendable, Hashable {
    /// Whether a process can be held by a descriptor, so that its number cannot be mistaken.
    public var hasProcessDescriptors: Bool
    /// The version of Landlock; nil when there is none.
    public var landlockVersion: Int?
    /// Whether a user without rights may make a user namespace.
    public var allowsUserNamespaces: Bool
    /// The most watchers of folders that one user may have; nil when nobody tells.
    public var watcherLimit: Int?
    /// Whether control groups are those of the second version.
    public var hasUnifiedControlGroups: Bool
    /// Whether something keeps the time of day right; nil when the kernel does not tell.
    public var isClockKept: Bool?

    /// Creates a description.
    public init(
        hasProcessDescriptors: Bool = true,
        landlockVersion: Int? = nil,
        allowsUserNamespaces: Bool = true,
        watcherLimit: Int? = nil,
        hasUnifiedControlGroups: Bool = true,
        isClockKept: Bool? = true
    ) {
        self.hasProcessDescriptors = hasProcessDescriptors
        self.landlockVersion = landlockVersion
        self.allowsUserNamespaces = allowsUserNamespaces
        self.watcherLimit = watcherLimit
        self.hasUnifiedControlGroups = hasUnifiedControlGroups
        self.isClockKept = isClockKept
    }

    /// Asks the kernel; changes nothing and costs a dozen system calls.
    public static func load() -> KernelFeatures {
        let version = desk_landlock_version()
        let isKept = desk_is_clock_kept()
        return KernelFeatures(
            hasProcessDescriptors: hasProcessDescriptors(),
            landlockVersion: version > 0 ? Int(version) : nil,
            allowsUserNamespaces: allowsUserNamespaces(),
            watcherLimit: number("/proc/sys/fs/inotify/max_user_instances"),
            hasUnifiedControlGroups: access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0,
            isClockKept: isKept < 0 ? nil : isKept == 1
        )
    }

    private static func hasProcessDescriptors() -> Bool {
        let number = desk_open_process(getpid())
        guard number >= 0 else { return false }
        _ = close(number)
        return true
    }

    private static func allowsUserNamespaces() -> Bool {
        guard let limit = number("/proc/sys/user/max_user_namespaces"), limit > 0 else {
            return false
        }
        // Some distributions have switches of their own, each absent elsewhere.
        let isRefused = number("/proc/sys/kernel/unprivileged_userns_clone") == 0
        let isRestricted =
            number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").map { $0 > 0 } ?? false
        return !isRefused && !isRestricted
    }

    private static func number(_ path: String) -> Int? {
        guard let bytes = ProcessTable.read(path, limitBytes: 4096) else { return nil }
        return Int(String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self))
    }
}
