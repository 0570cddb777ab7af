// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import Expressions
import MCP
import Processes
import Quant
import Supervisor

extension DeskTools {
    /// The tools that try something out or put it forward.
    func research() throws(Fault) -> [ServerTool] {
        [try evaluate, try backtest, try propose]
    }

    private static let strategy = JSON.Member(
        "strategy",
        [
            "type": "object",
            "description": """
            name, family, universe (symbols), side (long or short), enter and exit \
            (expressions), size (fraction of equity); optional limit, stop, target, hold, \
            parameters, features.
            """,
        ]
    )

    private var evaluate: ServerTool {
        get throws(Fault) {
            try ServerTool(
                "evaluate",
                title: "Evaluate an expression",
                description: "The value of an expression of the desk's language, the Common"
                    + " Expression Language, with names bound to JSON values.",
                effect: .reads,
                arguments: [
                    .init("expression", ["type": "string"]),
                    .init("bindings", ["type": "object"]),
                ],
                required: ["expression"],
                output: [.init("value", true), .init("text", ["type": "string"])]
            ) { arguments in
                let expression = try Expression(parsing: arguments["expression"]?.stringValue ?? "")
                let bindings = try Bindings(
                    json: (arguments["bindings"] ?? .object([])).compactBytes
                )
                let value = try expression.value(in: bindings, zones: SystemZones().resolver)
                return ToolResult(
                    text: value.description,
                    structured: ["value": JSON(value), "text": .string(value.description)]
                )
            }
        }
    }

    private var backtest: ServerTool {
        get throws(Fault) {
            try ServerTool(
                "backtest",
                title: "Backtest a strategy",
                description: "Runs a strategy over the desk's history in sample; the sealed years"
                    + " stay sealed. Each distinct strategy is counted as a hypothesis that was"
                    + " tried, and the gate becomes stricter with the count.",
                effect: .writesOnce,
                arguments: [Self.strategy],
                required: ["strategy"],
                output: [.init("bars", ["type": "integer"]), .init("trades", ["type": "integer"])]
            ) { arguments in
                let desk = try open()
                let strategy = try Self.read(arguments)
                let history = try Self.history(of: strategy, in: desk)
                try count(strategy, in: desk)
                let account = desk.configuration.account
                let result = try Backtest.run(
                    strategy: strategy,
                    history: history,
                    costs: try desk.configuration.costs(),
                    capital: account.capital.doubleValue
                )
                let subject = ReportSubject(strategy)
                return Self.result(BacktestSummary(strategy: subject, result: result).json)
            }
        }
    }

    /// The history in sample of what a strategy trades.
    private static func history(of strategy: Strategy, in desk: OpenDesk) throws -> [BarSeries] {
        let folder = desk.folder.market(.research)
        guard let bytes = try folder.readIfPresent(MarketArchive.historyFile) else {
            throw Failure("the desk has no history yet; run loopdesk replay first", .unavailable)
        }
        let all = try BarCSV.parseStrictly(bytes)
        return try strategy.universe.map { symbol in
            guard let series = all.first(where: { $0.symbol == symbol }) else {
                let known = all.map(\.symbol.description).joined(separator: ", ")
                throw Failure("no history in sample of \(symbol); there is \(known)", .notFound)
            }
            return series
        }
    }

    /// Counts a strategy as tried at every place, as a backtest on the command line counts, before
    /// its figures are seen.
    private func count(_ strategy: Strategy, in desk: OpenDesk) throws {
        let strategies = TypedStrategies(desk.configuration)
        guard case .typed(let typed) = strategies.read(strategy.json) else {
            throw Failure("the strategy cannot be read as a hypothesis of this desk", .badData)
        }
        let keeper = TrialKeeper(desk, strategies: strategies)
        try keeper.loadFile()
        try keeper.add([
            Trial(
                id: typed.hash,
                family: typed.family,
                strategy: .null,
                place: .outside,
                origin: "mcp"
            )
        ])
    }

    private var propose: ServerTool {
        get throws(Fault) {
            try ServerTool(
                "propose",
                title: "Propose a strategy",
                description: "Puts a strategy forward: the researcher takes it up in its next turn"
                    + " as a proposal, the backtester and the verifier judge it, and it is traded"
                    + " only if it passes. Follow it with list_verdicts.",
                effect: .writesOnce,
                arguments: [
                    Self.strategy,
                    .init(
                        "agent",
                        ["type": "string", "description": "The researcher; the first one if none."]
                    ),
                ],
                required: ["strategy"],
                output: Self.requestOutput
            ) { arguments in try putForward(arguments) }
        }
    }

    private func putForward(_ arguments: JSON) throws -> ToolResult {
        let desk = try open()
        let strategy = try Self.read(arguments)
        let known = desk.configuration.market.symbols
        for symbol in strategy.universe.map(\.description) where !known.contains(symbol) {
            let list = known.joined(separator: ", ")
            throw Failure("the desk does not trade \(symbol); it trades \(list)", .notFound)
        }
        return try ask(
            try researcher(arguments, of: desk),
            for: JSON.object([.init("propose", strategy.json)]),
            id: "mcp-\(strategy.hash.short)",
            in: desk,
            telling: [JSON.Member("strategy", .string(strategy.hash.description))]
        )
    }

    private static func read(_ arguments: JSON) throws -> Strategy {
        var members = arguments["strategy"]?.objectValue ?? []
        let defaults: [(String, JSON)] = [("schema", 1), ("family", "custom")]
        for (name, value) in defaults where !members.contains(where: { $0.name == name }) {
            members.append(JSON.Member(name, value))
        }
        return try Strategy(.object(members))
    }
}
