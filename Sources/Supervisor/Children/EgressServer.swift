// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk
public import Processes

/// Serves what sandboxed agents ask of the network.
public protocol EgressServer: Sendable {
    /// Begins to accept on a listener for one life of an agent's process, until the result is let
    /// go. Must not block.
    func serve(
        _ listener: consuming Descriptor,
        for agent: AgentConfiguration,
        desk: DeskFolder
    ) throws -> any AnyObject & Sendable
}
