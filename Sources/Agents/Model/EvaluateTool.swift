// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Expressions
import Quant

/// Evaluates an expression over the bars that the agent may see.
struct EvaluateTool: ModelTool {
    let history: () throws -> [BarSeries]

    /// How many of the last values are told.
    static let told = 10

    var definition: ConversationTool {
        .texts(
            "evaluate",
            "Evaluates an expression of the desk's language, such as ema(close, 20) > ema(close,"
                + " 50), on every bar of a symbol that you may see, and tells the last"
                + " \(Self.told) values, oldest first.",
            [
                ("symbol", "The symbol."), ("expression", "The expression."),
            ]
        )
    }

    func run(_ input: JSONFields) throws -> String {
        try input.allowOnly(["symbol", "expression"])
        let name = try input.string("symbol")
        let expression = try Expression(parsing: try input.string("expression"))
        let all = try history()
        guard let series = all.first(where: { $0.symbol.description == name }) else {
            let known = all.map(\.symbol.description).joined(separator: ", ")
            throw AgentError("no bars of '\(name.prefix(40))'; there are \(known)")
        }
        let column = try expression.column(in: BarColumns(series))
        let rows = max(0, series.count - Self.told)..<series.count
        let values = rows.map { row -> JSON in
            ["date": .string("\(series.times[row].date)"), "value": column.json(at: row)]
        }
        return JSON.array(values).compactText
    }
}

extension Column {
    /// The value in a row; null when it is missing.
    fileprivate func json(at row: Int) -> JSON {
        switch self {
        case .numbers(let rows): .number(rows[row])
        case .booleans(let rows):
            switch rows[row] {
            case .missing: .null
            case .yes: true
            case .no: false
            }
        }
    }
}
