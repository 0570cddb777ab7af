// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The programs that confine children, and the system that they may see.
public struct SandboxTools: Sendable, Hashable {
    /// Our launcher.
    public let launcher: String
    /// Bubblewrap; nil when it is not installed.
    public let bubblewrap: String?
    /// The folders of the system.
    public let system: SystemView

    /// Names the parts.
    public init(launcher: String, bubblewrap: String?, system: SystemView) {
        self.launcher = launcher
        self.bubblewrap = bubblewrap
        self.system = system
    }

    /// Looks for bubblewrap in absolute folders, in order, and at the system.
    public static func look(launcher: String, searchPath: [String]) -> SandboxTools {
        let candidates = searchPath.filter { $0.hasPrefix("/") }.map { "\($0)/bwrap" }
        return SandboxTools(
            launcher: launcher,
            bubblewrap: candidates.first { access($0, X_OK) == 0 },
            system: .look()
        )
    }
}
