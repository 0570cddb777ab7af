// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Gateway
import MCP
import Supervisor

/// Tools that ask for orders; offered only by a desk whose owner allows them.
///
/// None reaches a venue. A position is entered and left as the researcher would do it: it says an
/// intent under an approved strategy, the verifier judges it, the executor orders, and the gateway
/// holds its limits against it. A halt is the kill switch.
extension DeskTools {
    /// The tools that ask for orders.
    func ordering() throws(Fault) -> [ServerTool] {
        [try position("enter"), try position("leave"), try halt]
    }

    private func position(_ verb: String) throws(Fault) -> ServerTool {
        try ServerTool(
            "\(verb)_position",
            title: verb == "enter" ? "Enter a position" : "Leave a position",
            description: "Asks the researcher to \(verb) a position in a symbol under a strategy"
                + " that a verdict has passed. The verifier judges the intent and the gateway holds"
                + " its limits against the order. Name the request, so that asking again under"
                + " the same name changes nothing.",
            effect: .writesOnce,
            arguments: [
                .init("strategy_hash", ["type": "string", "pattern": "^[0-9a-f]{64}$"]),
                .init("symbol", ["type": "string"]),
                .init("name", ["type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"]),
                .init(
                    "agent",
                    ["type": "string", "description": "The researcher; the first one if none."]
                ),
            ],
            required: ["strategy_hash", "symbol", "name"],
            output: Self.requestOutput
        ) { arguments in
            let desk = try allowing()
            let symbol = arguments["symbol"]?.stringValue ?? ""
            let known = desk.configuration.market.symbols
            guard known.contains(symbol) else {
                let list = known.joined(separator: ", ")
                throw Failure(
                    "the desk does not trade \(symbol.prefix(40)); it trades \(list)",
                    .notFound
                )
            }
            let hash = arguments["strategy_hash"] ?? .null
            return try ask(
                try researcher(arguments, of: desk),
                for: [
                    "trade": [
                        "action": .string(verb == "enter" ? "enter" : "exit"),
                        "strategy_hash": hash, "symbol": .string(symbol),
                    ]
                ],
                id: "mcp-order-\(arguments["name"]?.stringValue ?? "")",
                in: desk,
                telling: [JSON.Member("strategy", hash)]
            )
        }
    }

    private var halt: ServerTool {
        get throws(Fault) {
            try ServerTool(
                "halt",
                title: "Halt trading",
                description: "Uses the kill switch: no order is accepted until a person resumes."
                    + " With flatten, everything that is held is closed.",
                effect: .writesOnce,
                arguments: [
                    .init("reason", ["type": "string", "minLength": 1, "maxLength": 200]),
                    .init("flatten", ["type": "boolean", "default": false]),
                ],
                required: ["reason"],
                output: [
                    .init("halted", ["type": "boolean"]), .init("handled", ["type": "boolean"]),
                ]
            ) { arguments in
                let desk = try allowing()
                try desk.folder.runtime.create()
                let latch = try HaltLatch(in: desk.folder.runtime)
                let request = try latch.post(
                    .halt,
                    flatten: arguments["flatten"]?.boolValue ?? false,
                    reason: "by loopdesk mcp: \(arguments["reason"]?.stringValue ?? "")"
                )
                let state = try HaltWait(latch, desk.folder).state(after: request)
                return Self.result([
                    "halted": true, "handled": .bool(state.handled == request.number),
                ])
            }
        }
    }

    /// The desk, if its owner still allows orders to be asked for.
    private func allowing() throws -> OpenDesk {
        let desk = try open()
        guard desk.configuration.offersOrderTools else {
            throw Failure(
                "the owner of the desk allows no orders here; mcp: {orders: true} in"
                    + " orchestrator.yml does",
                .unavailable
            )
        }
        return desk
    }
}
