// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Egress
import MCP
import Supervisor

/// Answers agents that are programs and may call tools: the desk's own, and those of the connectors
/// that they are allowed.
///
/// They ask over their way out, in a network that nobody else is in, and see one server.
final class AgentToolbox: Sendable {
    private let connectors: DeskConnectors

    init(_ connectors: DeskConnectors) {
        self.connectors = connectors
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
        guard let pool = connectors.pool else { return [] }
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
