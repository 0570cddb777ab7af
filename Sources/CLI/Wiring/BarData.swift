// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// The bars of a file that a person named.
struct BarData {
    let file: NamedFile
    let series: [BarSeries]

    /// Loads a file in which every row must be good.
    ///
    /// Bars may be of any length and on any day. Rows without a symbol get the one given, or else
    /// the file's name.
    init(_ path: String, symbol: Symbol? = nil) throws {
        file = NamedFile(path)
        let bytes = try file.read(limitBytes: 16 << 30)
        let rules = BarRules(tradesWeekends: true, gapDays: nil)
        let parsed: ParsedBars
        do throws(QuantError) {
            parsed = try BarCSV.parse(bytes, symbol: symbol ?? Self.symbol(of: file), rules: rules)
        } catch {
            throw Failure("\(path): \(error.reason)", .badData)
        }
        let faults = parsed.faults.filter { !$0.kind.isWarning }
        if let fault = faults.first {
            let more = faults.count > 1 ? "; \(faults.count - 1) more rows are bad" : ""
            throw Failure("\(path): \(fault)\(more)", .badData)
        }
        series = parsed.series
    }

    /// The symbols, sorted.
    var symbols: [Symbol] { series.map(\.symbol) }

    /// Runs a strategy over the bars; what is missing is said of this file, what is wrong with the
    /// strategy of its own.
    func explained<Result>(
        _ strategy: StrategyFile,
        _ body: () throws(QuantError) -> Result
    ) throws -> Result {
        do throws(QuantError) {
            return try body()
        } catch {
            guard error.code == .noData else { throw strategy.located(error) }
            throw Failure("\(file.path): \(error.reason)", .badData)
        }
    }

    /// The name of a file as a symbol: capitals, and `-` for what symbols do not have.
    private static func symbol(of file: NamedFile) -> Symbol? {
        let letters = file.stem.uppercased().unicodeScalars.prefix(32).map { scalar in
            let isAllowed =
                ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || ".-_".unicodeScalars.contains(scalar)
            return isAllowed ? Character(scalar) : "-"
        }
        return Symbol(String(letters)) ?? Symbol("DATA")
    }
}
