// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions
import Quant

/// Writes an expression's value on every bar of a file.
struct EvalSeries {
    let expression: Expression
    let path: String
    let symbol: String?

    /// How much text is kept before it is written.
    private static let partBytes = 1 << 20

    func run() throws {
        let series = try load()
        // All columns are evaluated before a line is written, so that a fault writes nothing.
        let columns = try series.map { try expression.column(in: BarColumns($0)) }
        let namesSymbols = series.count > 1
        var text = Array((namesSymbols ? "symbol,timestamp,value\n" : "timestamp,value\n").utf8)
        for (bars, column) in zip(series, columns) {
            let prefix = namesSymbols ? "\(bars.symbol)," : ""
            for row in 0..<bars.count {
                text += prefix.utf8
                Self.append(bars.times[row], to: &text)
                text.append(UInt8(ascii: ","))
                Self.append(column, row, to: &text)
                text.append(UInt8(ascii: "\n"))
                if text.count >= Self.partBytes { try deliver(&text) }
            }
        }
        try deliver(&text)
    }

    private func load() throws -> [BarSeries] {
        let wanted = try symbol.map { try Symbol(validating: $0) }
        let data = try BarData(path, symbol: wanted)
        guard let wanted else { return data.series }
        guard let series = data.series.first(where: { $0.symbol == wanted }) else {
            let known = data.symbols.prefix(12).map(\.description).joined(separator: ", ")
            throw Failure("\(path): no bars of '\(wanted)'; there are \(known)", .notFound)
        }
        return [series]
    }

    private func deliver(_ text: inout [UInt8]) throws {
        guard Console.send(text, to: 1) else {
            throw Failure("cannot write to standard output", .inputOutput)
        }
        text.removeAll(keepingCapacity: true)
    }

    private static func append(_ time: Instant, to text: inout [UInt8]) {
        let date = time.date
        text += (time == Instant(date) ? date.description : time.description).utf8
    }

    private static func append(_ column: Column, _ row: Int, to text: inout [UInt8]) {
        switch column {
        case .numbers(let rows):
            guard !rows[row].isNaN else { return }
            text += rows[row].description.utf8
        case .booleans(let rows):
            switch rows[row] {
            case .missing: return
            case .yes: text += "true".utf8
            case .no: text += "false".utf8
            }
        }
    }
}
