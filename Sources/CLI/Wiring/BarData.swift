// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Zlib
import Zstd

/// The bars of a file that a person named.
struct BarData {
    let file: NamedFile
    let series: [BarSeries]

    /// Loads a file in which every row must be good.
    ///
    /// It is CSV or Parquet, with bars of any length and on any day. Rows without a symbol get the
    /// one given, or else the file's name.
    init(_ path: String, symbol: Symbol? = nil) throws {
        file = NamedFile(path)
        let parsed: ParsedBars
        do throws(QuantError) {
            parsed = try Self.parse(file, symbol)
        } catch {
            switch error.code {
            case .notFound: throw Failure(error.reason, .notFound)
            case .unreadable: throw Failure(error.reason, .inputOutput)
            default: break
            }
            throw Failure("\(path): \(error.reason)", .badData)
        }
        let faults = parsed.faults.filter { !$0.kind.isWarning }
        if let fault = faults.first {
            let more = faults.count > 1 ? "; \(faults.count - 1) more rows are bad" : ""
            throw Failure("\(path): \(fault)\(more)", .badData)
        }
        series = parsed.series
    }

    private static func parse(
        _ file: NamedFile,
        _ symbol: Symbol?
    ) throws(QuantError) -> ParsedBars {
        try BarFile.load(
            file.name,
            in: file.folder,
            symbol: symbol,
            codecs: ParquetCodecs(zstd: Zstd.decompress, gzip: Gzip.decompress)
        )
    }

    /// Whether a file that cannot be used has the columns of bars all the same.
    static func hasColumns(_ path: String) -> Bool {
        do throws(QuantError) {
            _ = try parse(NamedFile(path), nil)
            return true
        } catch {
            return error.code != .missingColumn && error.code != .empty
        }
    }

    /// The hash of the file, for those who want to be sure that it is the same one.
    func hash() throws -> ContentHash {
        try file.hash()
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
            throw located(error, strategy)
        }
    }

    /// The words for an error, with the file that it is about.
    func located(_ error: QuantError, _ strategy: StrategyFile) -> Failure {
        guard error.code == .noData else { return strategy.located(error) }
        return Failure("\(file.path): \(error.reason)", .badData)
    }
}
