// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import MCP
import Processes
import Supervisor

/// What a caller asks of an agent: it is left for the agent's next turn, as a person's request.
extension DeskTools {
    /// What a tool that leaves a request gives back.
    static let requestOutput: [JSON.Member] = [
        .init("request", ["type": "string"]), .init("agent", ["type": "string"]),
        .init("strategy", ["type": "string"]), .init("new", ["type": "boolean"]),
        .init("running", ["type": "boolean"]),
    ]

    /// The researcher that arguments name, or the first one.
    func researcher(_ arguments: JSON, of desk: OpenDesk) throws -> AgentName {
        let researchers = desk.configuration.agents.filter { $0.role == .researcher }.map(\.name)
        let named = try arguments["agent"]?.stringValue.map { try agent($0, of: desk) }
        guard let researcher = named ?? researchers.first, researchers.contains(researcher) else {
            throw Failure("the desk has no such researcher", .notFound)
        }
        return researcher
    }

    /// Leaves a request; one whose id is known already changes nothing.
    func ask(
        _ agent: AgentName,
        for payload: JSON,
        id: String,
        in desk: OpenDesk,
        telling members: [JSON.Member]
    ) throws -> ToolResult {
        let request = TriggerRequest(
            agent: agent,
            kind: .person,
            id: id,
            payload: payload.compactBytes,
            time: wall.now()
        )
        guard let request else { throw Failure("the request is too large", .badData) }
        let outcome = try TriggerSpool(desk.folder).accept(request)
        guard outcome != .full else {
            throw Failure("too many requests for \(agent) wait already", .unavailable)
        }
        return Self.result(
            .object(
                [
                    .init("request", .string(request.id)),
                    .init("agent", .string(agent.description)),
                ] + members + [
                    .init("new", .bool(outcome == .new)),
                    .init("running", .bool(try DeskLock.holder(desk.folder) != nil)),
                ]
            )
        )
    }
}
