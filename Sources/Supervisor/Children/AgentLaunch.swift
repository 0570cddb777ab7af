// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Processes

/// A command line that is ready to be started, and the way on which its listener will come.
struct AgentLaunch {
    let command: ChildCommand
    let level: SandboxLevel
    let passage: ListenerPassage?

    /// Takes the listener over once the process has been started, and has it served.
    /// - Returns: What keeps it served; nil when the agent has no hosts.
    func serve(
        _ agent: AgentConfiguration,
        by server: (any EgressServer)?,
        desk: DeskFolder,
        clock: any MonotonicClock,
        until deadline: MonotonicInstant
    ) throws -> (any AnyObject & Sendable)? {
        guard let passage, let server else { return nil }
        let listener = try passage.receive(until: deadline, clock: clock)
        return try server.serve(listener, for: agent, desk: desk)
    }
}
