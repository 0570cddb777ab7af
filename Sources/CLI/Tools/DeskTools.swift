// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import MCP
import Processes
import Supervisor

/// What a model or a program may do with a desk through the Model Context Protocol.
///
/// Everything is read from git and the desk's files anew at each call. What changes something goes
/// through the same doors as people do: a proposal is a request to the researcher.
struct DeskTools: Sendable {
    /// The desk's folder.
    let path: String
    let wall = SystemWallClock()

    /// The most entries of a list.
    static let listLimit = 200

    /// How the tools are meant to be used.
    static let instructions = """
        Loopdesk is a quantitative trading desk in git. Agents propose strategies; a backtester \
        and a verifier that the proposer cannot influence judge them; only approved ones are \
        traded. \
        Start with desk_status. Strategies are JSON objects whose enter and exit are expressions \
        over bars, such as "sma(close, 20) > sma(close, 50)"; try expressions with evaluate, a \
        strategy with backtest (in sample only; each distinct strategy counts as one more \
        hypothesis and makes the gate stricter), and put it forward with propose.
        """

    /// All tools, in the order in which they are listed; those that ask for orders only if the
    /// owner allows them.
    /// - Throws: A `Fault` when a description is not well formed.
    func all() throws -> [ServerTool] {
        try reading() + research() + (open().configuration.offersOrderTools ? ordering() : [])
    }

    /// The desk as `main` has it.
    func open() throws -> OpenDesk {
        try OpenDesk.openCommitted(at: path, zones: SystemZones().database)
    }

    /// An agent that a caller names.
    func agent(_ name: String, of desk: OpenDesk) throws -> AgentName {
        let known = desk.configuration.agents.map(\.name)
        guard let agent = known.first(where: { $0.description == name }) else {
            let list = known.map(\.description).joined(separator: ", ")
            throw Failure("the desk has no agent '\(name)'; it has \(list)", .notFound)
        }
        return agent
    }

    /// The newest signals of one agent or all, the newest turn first.
    func signals(
        _ topic: Topic?,
        of agent: AgentName?,
        in desk: OpenDesk,
        limit: Int
    ) throws -> [(agent: AgentName, signal: Signal, turn: Int)] {
        let reader = SignalReader(repository: desk.repository)
        var found: [(agent: AgentName, signal: Signal, turn: Int)] = []
        for name in agent.map({ [$0] }) ?? desk.configuration.agents.map(\.name) {
            guard let head = try desk.repository.reference(name.reference) else { continue }
            found += try reader.newest(topic, of: name, at: head, limit: limit)
                .map { (name, $0.signal, $0.turn) }
        }
        return found
    }

    /// What can be read by address: each signal.
    var resources: ServerResources {
        ServerResources(
            templates: [
                [
                    "uriTemplate": "loopdesk://signals/{id}", "name": "signal",
                    "description": "What an agent said, as it was committed.",
                    "mimeType": "application/json",
                ]
            ],
            list: {
                let desk = try open()
                return try signals(nil, of: nil, in: desk, limit: 20).map { entry in
                    [
                        "uri": .string("loopdesk://signals/\(entry.signal.id)"),
                        "name": .string(entry.signal.id), "mimeType": "application/json",
                        "description": .string("\(entry.agent), turn \(entry.turn)"),
                    ]
                }
            },
            read: { uri in
                let prefix = "loopdesk://signals/"
                guard uri.hasPrefix(prefix),
                    let link = try link(String(uri.dropFirst(prefix.count)), in: try open())
                else { return nil }
                return [
                    "uri": .string(uri), "mimeType": "application/json",
                    "text": .string(Self.json(link).compactText),
                ]
            }
        )
    }

    /// The signal with an id; nil when nothing has it.
    func link(_ id: String, in desk: OpenDesk) throws -> Provenance.Link? {
        try Provenance(desk).trace(id).first { $0.id == id }
    }

    /// A signal with where it was said.
    static func json(_ link: Provenance.Link) -> JSON {
        [
            "id": .string(link.id), "topic": .string(link.topic), "agent": .string(link.agent),
            "turn": .int(Int64(link.turn)), "time": .string(link.time),
            "commit": .string(link.commit), "body": link.body,
        ]
    }

    /// A result that says the same as a value and as a text.
    static func result(_ value: JSON) -> ToolResult {
        ToolResult(text: value.compactText, structured: value)
    }
}
