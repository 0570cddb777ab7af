// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import MCP

/// The tools of a connector, each call of which has a time limit of its own.
public struct ConnectorTools: BrokerTools {
    private let connector: Connector

    /// How long a call may take.
    static let patience: Duration = .seconds(40)

    /// Uses a connector.
    public init(_ connector: Connector) {
        self.connector = connector
    }

    /// Calls a tool.
    ///
    /// A call that fails in the middle is repeated by the connector only if the tool's definition
    /// says that this does no harm.
    /// - Throws: An `MCPError`.
    public func call(_ tool: String, _ arguments: JSON) async throws(MCPError) -> ToolResult {
        try await connector.call(
            tool,
            arguments,
            limits: CallLimits(idle: Self.patience, total: Self.patience)
        )
    }
}
