// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Sandbox {
    /// The options of bubblewrap for namespaces of the child's own.
    func namespaces(hasTerminal: Bool) -> [String] {
        [
            "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net",
            "--unshare-cgroup-try", "--disable-userns", "--cap-drop", "ALL", "--die-with-parent",
            "--hostname", "sandbox",
        ] + (hasTerminal ? [] : ["--new-session"])
    }

    /// The options of bubblewrap for what the child sees: a root of its own that is empty but for
    /// the folders of the system and what this value names.
    func view(_ tools: SandboxTools) -> [String] {
        let size = ["--size", "\(limits.temporaryBytes)", "--tmpfs"]
        var words = size + ["/tmp", "--proc", "/proc", "--dev", "/dev"] + size + ["/dev/shm"]
        for path in tools.system.paths { words += ["--ro-bind", path, path] }
        for link in tools.system.links { words += ["--symlink", link.target, link.path] }
        for path in covered where tools.system.paths.contains(where: { Self.holds($0, path) }) {
            words += ["--tmpfs", path]
        }
        // A folder comes before what lies in it, or it would hide that again.
        let binds =
            ([tools.launcher] + readable).map { (path: $0, option: "--ro-bind") }
            + writable.map { (path: $0, option: "--bind") }
        for bind in binds.sorted(by: { $0.path < $1.path }) {
            words += [bind.option, bind.path, bind.path]
        }
        let remounted = covered.filter { path in
            tools.system.paths.contains { Self.holds($0, path) }
        }
        for path in remounted + ["/dev", "/"] { words += ["--remount-ro", path] }
        return words
    }

    /// Whether a path is a folder or lies in it.
    static func holds(_ folder: String, _ path: String) -> Bool {
        path == folder || path.hasPrefix(folder == "/" ? "/" : "\(folder)/")
    }
}
