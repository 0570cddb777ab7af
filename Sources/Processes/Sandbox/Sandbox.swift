// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a child may see, write, use and reach.
///
/// Paths are absolute and the same inside as outside. A pure value: the same one gives the same
/// command line. Beside what it names, a child sees the
/// folders of the system, which hold programs and libraries.
public struct Sandbox: Sendable, Hashable {
    /// Files and folders that it may read and execute; they must be there at the start.
    public var readable: [String]
    /// Files and folders that it may write to as well; also there at the start.
    public var writable: [String]
    /// Folders of which nothing shows but what the two lists name, should a folder of the system
    /// hold them.
    public var covered: [String]
    /// What it may use.
    public var limits: SandboxLimits
    /// Whether it gets a listener at ``ListenerPassage/port``, which is all that it can reach.
    public var hasListener: Bool

    /// Names the parts.
    public init(
        readable: [String],
        writable: [String],
        covered: [String] = [],
        limits: SandboxLimits = SandboxLimits(),
        hasListener: Bool = false
    ) {
        self.readable = readable
        self.writable = writable
        self.covered = covered
        self.limits = limits
        self.hasListener = hasListener
    }

    /// What stands in front of a program and its arguments at a level.
    /// - Parameters:
    ///   - level: The level.
    ///   - tools: The programs that confine, and the system's folders.
    ///   - folder: Where the program starts.
    ///   - kept: The numbers of the descriptors that it gets beside 0, 1 and 2.
    ///   - hasTerminal: Whether it keeps the terminal that it is started on.
    /// - Returns: The words, none at level C; nil when a tool is missing.
    func prefix(
        _ level: SandboxLevel,
        _ tools: SandboxTools,
        folder: String,
        kept: [Int32],
        hasTerminal: Bool
    ) -> [String]? {
        switch level {
        case .none: return []
        case .launcher:
            return [tools.launcher] + launcherOptions(tools, isInside: false, kept) + ["--"]
        case .full:
            guard let bubblewrap = tools.bubblewrap else { return nil }
            return [bubblewrap] + namespaces(hasTerminal: hasTerminal) + view(tools)
                + ["--chdir", folder, "--", tools.launcher]
                + launcherOptions(tools, isInside: true, kept) + ["--"]
        }
    }

    /// The options of the launcher, which confines inside of a view as well as without one.
    private func launcherOptions(
        _ tools: SandboxTools,
        isInside: Bool,
        _ kept: [Int32]
    ) -> [String] {
        // Inside of a view everything is there to be read.
        let reads = isInside ? ["/"] : tools.system.paths + [tools.launcher] + readable
        let writes =
            writable + (isInside ? ["/tmp", "/dev"] : ["/dev/null", "/dev/zero", "/dev/full"])
        let passage = hasListener ? ListenerPassage.childDescriptor : nil
        return reads.map { "read=\($0)" } + writes.map { "write=\($0)" }
            + (isInside ? [] : ["read=/dev/urandom", "read=/dev/random"])
            + limits.options
            + kept.filter { $0 != passage }.map { "keep=\($0)" }
            + (passage.map { ["listen=\(ListenerPassage.port):\($0)"] } ?? [])
    }
}
