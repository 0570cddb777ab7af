// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import MCP

/// The tools of a broker's connector.
public protocol BrokerTools: Sendable {
    /// Calls a tool, once.
    /// - Throws: An `MCPError`; after any of them the outcome counts as unknown.
    func call(_ tool: String, _ arguments: JSON) async throws(MCPError) -> ToolResult
}
