// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
public import MCP

/// The connectors of a desk, and which agent may use which.
///
/// This stands on the supervisor's side: an agent asks over its pipe and never sees a server, a
/// credential or a tool that is not for it.
public final class ConnectorPool: Sendable {
    /// A tool that an agent may call.
    public struct Offer: Sendable {
        /// The connector that has it.
        public let connector: String
        /// The tool as its server describes it; untrusted text.
        public let tool: ToolDefinition

        /// The name under which a model sees it, such as `slack__post_message`.
        public var qualifiedName: String { "\(connector)__\(tool.name)" }
    }

    /// What an agent may call now, and which connectors cannot be used and why.
    public struct Offers: Sendable {
        /// In the order in which the agent lists its connectors.
        public let tools: [Offer]
        /// Connectors that fail, in the same order.
        public let failures: [(connector: String, error: MCPError)]
    }

    private let connectors: [String: Connector]
    private let allowed: [AgentName: [String]]

    /// Makes the connectors of a desk that somebody uses; none is started before that.
    /// - Throws: What `make` throws, such as for a secret that cannot be read.
    public init<Failure: Error>(
        _ configuration: DeskConfiguration,
        make: (ConnectorConfiguration) throws(Failure) -> Connector
    ) throws(Failure) {
        var connectors: [String: Connector] = [:]
        let used = configuration.usedConnectors
        for entry in configuration.connectors where used.contains(entry.name) {
            connectors[entry.name] = try make(entry)
        }
        self.connectors = connectors
        allowed = Dictionary(
            configuration.agents.map { ($0.name, $0.connectors) }
        ) { first, _ in first }
    }

    /// What an agent may call.
    public func offers(for agent: AgentName) async -> Offers {
        var tools: [Offer] = []
        var failures: [(connector: String, error: MCPError)] = []
        for name in allowed[agent] ?? [] {
            guard let connector = connectors[name] else { continue }
            do throws(MCPError) {
                tools += try await connector.tools().map { Offer(connector: name, tool: $0) }
            } catch {
                failures.append((connector: name, error: error))
            }
        }
        return Offers(tools: tools, failures: failures)
    }

    /// Calls a tool for an agent.
    /// - Parameters:
    ///   - agent: Who asks.
    ///   - connector: The connector's name, as the agent gives it.
    ///   - tool: The tool's name, as the agent gives it.
    ///   - arguments: An object.
    ///   - onProgress: Told each rise of the progress.
    /// - Returns: What the tool gave back; untrusted.
    /// - Throws: An ``MCPError``; `notAllowed` when the agent may not use the connector, which says
    ///   nothing of whether there is one.
    public func call(
        _ agent: AgentName,
        _ connector: String,
        _ tool: String,
        _ arguments: JSON,
        onProgress: (@Sendable (Progress) -> Void)? = nil
    ) async throws(MCPError) -> ToolResult {
        guard let server = connectors[connector], allowed[agent]?.contains(connector) == true else {
            throw MCPError(
                .notAllowed,
                "call \(tool.prefix(80))",
                "\(agent) may not use a connector '\(connector.prefix(40))'; orchestrator.yml says"
                    + " which it may"
            )
        }
        return try await server.call(tool, arguments, onProgress: onProgress)
    }

    /// Calls a tool for the desk itself, such as to tell an alert.
    /// - Throws: An ``MCPError``; `notAllowed` when the desk has no such connector.
    public func call(
        forDesk connector: String,
        _ tool: String,
        _ arguments: JSON,
        limits: CallLimits
    ) async throws(MCPError) -> ToolResult {
        guard let server = connectors[connector] else {
            throw MCPError(
                .notAllowed,
                "call \(tool.prefix(80))",
                "the desk has no connector '\(connector.prefix(40))'"
            )
        }
        return try await server.call(tool, arguments, limits: limits)
    }

    /// Ends all servers, at the same time.
    public func close() async {
        await withTaskGroup(of: Void.self) { group in
            for name in connectors.keys.sorted() {
                guard let connector = connectors[name] else { continue }
                group.addTask { await connector.close() }
            }
        }
    }
}
