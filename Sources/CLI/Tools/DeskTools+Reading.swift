// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import MCP
import Supervisor
import Trading

extension DeskTools {
    /// The tools that only look.
    func reading() throws(Fault) -> [ServerTool] {
        [try status, try listSignals, try readSignal, try listVerdicts, try explain, try account]
    }

    private static let limit = JSON.Member(
        "limit",
        ["type": "integer", "minimum": 1, "maximum": .int(Int64(listLimit)), "default": 20]
    )

    private static let list: JSON = ["type": "array", "items": ["type": "object"]]

    private var status: ServerTool {
        get throws(Fault) {
            try ServerTool(
                "desk_status",
                title: "Desk status",
                description: "Where the desk stands: its agents, their last turns, who runs it, how"
                    + " many hypotheses were tried.",
                effect: .reads,
                output: [
                    .init("desk", ["type": "string"]), .init("running", ["type": "boolean"]),
                    .init("symbols", ["type": "array", "items": ["type": "string"]]),
                    .init("agents", Self.list), .init("hypotheses", ["type": "integer"]),
                ]
            ) { _ in try Self.result(statusJSON()) }
        }
    }

    private func statusJSON() throws -> JSON {
        let desk = try open()
        let agents = try desk.configuration.agents.map { agent -> JSON in
            let entries = try TurnLog(desk).entries(of: [agent.name], limit: 1, isQuietShown: true)
            let last = entries.first?.record
            return [
                "name": .string(agent.name.description), "role": .string(agent.role.rawValue),
                "turn": .int(Int64(last?.turn ?? 0)),
                "time": last.map { .string($0.time.description) } ?? .null,
                "summary": .string(last?.summary ?? ""),
            ]
        }
        let keeper = TrialKeeper(desk, strategies: TypedStrategies(desk.configuration))
        try keeper.loadFile()
        return [
            "desk": .string(desk.configuration.name),
            "running": .bool(try DeskLock.holder(desk.folder) != nil),
            "symbols": .array(desk.configuration.market.symbols.map { .string($0) }),
            "agents": .array(agents), "hypotheses": .int(Int64(keeper.book.count)),
        ]
    }

    private var listSignals: ServerTool {
        get throws(Fault) {
            try ServerTool(
                "list_signals",
                title: "List signals",
                description: "The newest signals of an agent or of each, newest first: what agents"
                    + " said to each other. Read one whole with read_signal.",
                effect: .reads,
                arguments: [
                    .init("agent", ["type": "string"]),
                    .init(
                        "topic",
                        [
                            "type": "string",
                            "enum": .array(Topic.allCases.map { .string($0.rawValue) }),
                        ]
                    ), Self.limit,
                ],
                output: [.init("signals", Self.list)]
            ) { arguments in
                let desk = try open()
                let agent = try arguments["agent"]?.stringValue.map { try self.agent($0, of: desk) }
                let topic = arguments["topic"]?.stringValue.flatMap { Topic(rawValue: $0) }
                let limit = arguments["limit"]?.intValue ?? 20
                let entries = try signals(topic, of: agent, in: desk, limit: limit)
                let listed = entries.map { entry -> JSON in
                    [
                        "id": .string(entry.signal.id),
                        "topic": .string(entry.signal.topic.rawValue),
                        "agent": .string(entry.agent.description), "turn": .int(Int64(entry.turn)),
                        "uri": .string("loopdesk://signals/\(entry.signal.id)"),
                    ]
                }
                return Self.result(["signals": .array(listed)])
            }
        }
    }

    private var readSignal: ServerTool {
        get throws(Fault) {
            try ServerTool(
                "read_signal",
                title: "Read a signal",
                description: "One signal by its id, such as verdict-1a2b3c4d5e6f, with its commit.",
                effect: .reads,
                arguments: [.init("id", ["type": "string"])],
                required: ["id"],
                output: [
                    .init("id", ["type": "string"]), .init("topic", ["type": "string"]),
                    .init("agent", ["type": "string"]), .init("body", ["type": "object"]),
                ]
            ) { arguments in
                let id = arguments["id"]?.stringValue ?? ""
                guard let link = try link(id, in: try open()) else { throw Self.unknown(id) }
                return Self.result(Self.json(link))
            }
        }
    }

    private var listVerdicts: ServerTool {
        get throws(Fault) {
            try ServerTool(
                "list_verdicts",
                title: "List verdicts",
                description: "The newest verdicts of the verifier, newest first: what was judged,"
                    + " whether it passed and why not.",
                effect: .reads,
                arguments: [Self.limit],
                output: [.init("verdicts", Self.list)]
            ) { arguments in
                let limit = arguments["limit"]?.intValue ?? 20
                let entries = try signals(.verdict, of: nil, in: try open(), limit: limit)
                let names = ["kind", "subject", "strategy_hash", "symbol", "passed", "reason"]
                let listed = entries.map { entry -> JSON in
                    .object(
                        [JSON.Member("id", .string(entry.signal.id))]
                            + names.compactMap { name in
                                entry.signal.body[name].map { JSON.Member(name, $0) }
                            }
                    )
                }
                return Self.result(["verdicts": .array(listed)])
            }
        }
    }

    private var explain: ServerTool {
        get throws(Fault) {
            try ServerTool(
                "explain",
                title: "Explain an order or a signal",
                description:
                    "Follows an order (o-…) or a signal back to the proposal it came from.",
                effect: .reads,
                arguments: [.init("id", ["type": "string"])],
                required: ["id"],
                output: [.init("chain", Self.list)]
            ) { arguments in
                let id = arguments["id"]?.stringValue ?? ""
                let chain = try Provenance(try open()).trace(id)
                guard !chain.isEmpty else { throw Self.unknown(id) }
                return Self.result(["chain": .array(chain.map(Self.json))])
            }
        }
    }

    private var account: ServerTool {
        get throws(Fault) {
            try ServerTool(
                "account",
                title: "Account and positions",
                description: "Equity, cash and open positions. While the desk runs, the gateway"
                    + " holds the ledger: then this is the last report of the risk agent.",
                effect: .reads,
                output: [.init("source", ["type": "string"]), .init("account", ["type": "object"])]
            ) { _ in
                let desk = try open()
                guard try DeskLock.holder(desk.folder) == nil,
                    LedgerReader.isThere(desk.folder)
                else {
                    let last = try signals(.risk, of: nil, in: desk, limit: 1).first
                    return Self.result([
                        "source": .string(last?.signal.id ?? "none yet"),
                        "account": last?.signal.body ?? .object([]),
                    ])
                }
                let report = try LedgerReader.account(desk)
                return Self.result(["source": "ledger", "account": report.json])
            }
        }
    }

    private static func unknown(_ id: String) -> Failure {
        Failure(
            "nothing on this desk has the id '\(id.prefix(80))'; list_signals names some",
            .notFound
        )
    }
}
