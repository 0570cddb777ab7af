// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// Which sandboxes this computer has.
public struct SandboxFacts: Sendable, Hashable {
    /// Why there is no level A; nil when there is.
    public var noFull: String?
    /// Why there is not even level B; nil when there is.
    public var noLauncher: String?
    /// Whether the limit of processes holds: the kernel keeps no count of what root starts.
    public var countsProcesses: Bool

    /// Creates facts.
    public init(noFull: String? = nil, noLauncher: String? = nil, countsProcesses: Bool = true) {
        self.noFull = noFull
        self.noLauncher = noLauncher
        self.countsProcesses = countsProcesses
    }

    /// Tries an empty sandbox at both levels.
    public static func load(_ tools: SandboxTools, clock: any MonotonicClock) -> SandboxFacts {
        func reason(_ level: SandboxLevel) -> String? {
            let probe = SandboxProbe(
                level: level,
                sandbox: Sandbox(readable: [], writable: []),
                tools: tools,
                hidden: [],
                fixed: []
            )
            let idle = ChildCommand(program: .path(tools.launcher), workingFolder: "/")
            do {
                switch try probe.run(inPlaceOf: idle, clock: clock) {
                case .holds: return nil
                case .unavailable(let reason): return reason
                case .broken(let rows): return "it does not hold \(rows.joined(separator: ", "))"
                }
            } catch {
                return error.description
            }
        }
        return SandboxFacts(
            noFull: reason(.full),
            noLauncher: reason(.launcher),
            countsProcesses: SandboxLimits.countsProcesses
        )
    }
}
