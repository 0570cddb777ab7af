// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Connector {
    /// What the server says now and what of it differs from what was accepted.
    /// - Throws: An ``MCPError``.
    public func examine() async throws(MCPError) -> ConnectorExamination {
        let session = try await openSession()
        let tools: [ToolDefinition]
        do throws(MCPError) {
            tools = try await fetch(session).tools
        } catch {
            await session.close()
            throw error
        }
        await session.close()
        let now = ToolPins(tools, instructions: session.peer.instructions)
        let accepted = try loadPins()
        return ConnectorExamination(
            peer: session.peer,
            tools: tools,
            pins: now,
            isFirst: accepted == nil,
            changes: accepted?.changes(to: now) ?? []
        )
    }

    /// Accepts what an examination found; calls use it from the next conversation on.
    /// - Throws: An ``MCPError`` when it cannot be kept.
    public func accept(_ examination: ConnectorExamination) async throws(MCPError) {
        try save(loadPins()?.accepting(examination.pins) ?? examination.pins)
        await drop(ready?.session)
    }
}
