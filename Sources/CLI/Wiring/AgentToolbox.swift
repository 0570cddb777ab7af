// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Egress
import MCP
import Supervisor
import Synchronization

/// Answers agents that are programs and may call tools: the desk's own, and those of the connectors
/// that they are allowed.
///
/// They ask over their way out, in a network that nobody else is in, and see one server.
final class AgentToolbox: Sendable {
    private let pool = Mutex<ConnectorPool?>(nil)

    /// Makes the connectors of a desk anew; none is started before it is used.
    /// - Throws: A ``Failure`` when a secret is missing.
    func open(_ desk: OpenDesk) throws {
        let isNeeded = desk.configuration.agents.contains { $0.hasTools && !$0.connectors.isEmpty }
        let maker = isNeeded ? try ConnectorMaker(desk.folder) : nil
        let made = try maker.map { maker in
            try ConnectorPool(desk.configuration) { try maker.make($0) }
        }
        close(replacingWith: made)
    }

    /// Ends the connectors.
    func close() { close(replacingWith: nil) }

    private func close(replacingWith new: ConnectorPool?) {
        let old = pool.withLock { pool in
            defer { pool = new }
            return pool
        }
        guard let old else { return }
        // Closing throws nothing, and servers that will not end are ended with this process.
        try? Waiting.run { await old.close() }
    }

    /// What answers an agent on its way out.
    /// - Throws: A `Fault` when a tool's description is not well formed.
    func route(for agent: AgentConfiguration, of desk: DeskFolder) throws -> LocalRoute {
        let named = Set(agent.program?.tools ?? [])
        let tools = DeskTools(path: desk.root.path)
        let own = try tools.all().filter { named.contains($0.definition.name) }
        return LocalRoute(path: EgressConfiguration.toolsPath, label: "tools") { head, body in
            let server = MCPServer(
                instructions: Self.instructions,
                tools: own + (await self.foreign(agent.name))
            )
            let front = WebFront(server, token: nil)
            let asked = WebFront.Head(method: head.method, headers: head.headers)
            let refusal = front.refusal(of: asked)
            let answer = if let refusal { refusal } else { await front.answer(asked, body) }
            return LocalRoute.Answer(
                status: answer.status,
                body: answer.body,
                header: answer.header
            )
        }
    }

    /// The tools of an agent's connectors; those of one that fails are left out.
    private func foreign(_ agent: AgentName) async -> [ServerTool] {
        guard let pool = pool.withLock({ $0 }) else { return [] }
        return await pool.offers(for: agent).tools.compactMap { offer in
            // A name that is too long together with its server's cannot be offered.
            try? ServerTool(passing: offer.tool, as: offer.qualifiedName) { arguments in
                try await pool.call(agent, offer.connector, offer.tool.name, arguments)
            }
        }
    }

    private static let instructions = """
        The tools of a trading desk for one of its agents, and those of the servers that the agent \
        may use. They look things up; what you have to say goes into files in outbox/. A backtest \
        is counted as one more hypothesis that was tried.
        """
}
