// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a server says of itself, beside what was accepted of it.
public struct ConnectorExamination: Sendable {
    /// The other side.
    public let peer: ClientSession.Peer
    /// The tools that may be used, as the server lists them.
    public let tools: [ToolDefinition]
    /// The hashes of what it says.
    public let pins: ToolPins
    /// Whether nothing of it was accepted yet.
    public let isFirst: Bool
    /// What differs from what was accepted, sorted.
    public let changes: [ToolPins.Change]
}
