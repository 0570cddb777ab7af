// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Quant

/// The bars of a file, or of all files of bars in a folder.
struct BarFolder {
    /// The most files of one folder.
    static let mostFiles = 10_000

    let series: [BarSeries]

    /// Loads one file, or of a folder every file whose name ends in `.csv` or `.parquet`.
    ///
    /// Every row must be good, and no two files may hold the same symbol. With the symbols that are
    /// wanted, files that hold none of them are let be, whatever is wrong with them; else only
    /// those that have no columns of bars, such as a calendar.
    init(_ path: String, symbol: Symbol? = nil, wanted: Set<Symbol>? = nil) throws {
        guard Self.isFolder(path) else {
            series = try BarData(path, symbol: symbol).series
            return
        }
        var series: [BarSeries] = []
        var files: [Symbol: String] = [:]
        var failures: [Failure] = []
        for name in try Self.names(in: path) {
            for found in try Self.load("\(path)/\(name)", wanted, &failures) {
                if let other = files.updateValue(name, forKey: found.symbol) {
                    throw Failure(
                        "\(path): both \(other) and \(name) hold bars of \(found.symbol)",
                        .badData
                    )
                }
                series.append(found)
            }
        }
        let isComplete = wanted.map { $0.isSubset(of: files.keys) } ?? !series.isEmpty
        if !isComplete, let failure = failures.first { throw failure }
        self.series = series.sorted { $0.symbol < $1.symbol }
    }

    /// The files of a folder that may hold bars, sorted.
    private static func names(in path: String) throws -> [String] {
        let names = try Folder(path).names().filter {
            $0.hasSuffix(".csv") || $0.hasSuffix(".parquet")
        }
        guard (1...mostFiles).contains(names.count) else {
            throw Failure(
                names.isEmpty
                    ? "\(path): the folder has no file of bars; expected .csv or .parquet"
                    : "\(path): the folder has more than \(mostFiles) files of bars",
                .badData
            )
        }
        return names.sorted()
    }

    /// The wanted series of a file; none when it is of no use, and what is wrong with it.
    private static func load(
        _ path: String,
        _ wanted: Set<Symbol>?,
        _ failures: inout [Failure]
    ) throws -> [BarSeries] {
        do {
            return try BarData(path).series.filter { wanted?.contains($0.symbol) ?? true }
        } catch let failure as Failure {
            if wanted == nil, BarData.hasColumns(path) { throw failure }
            failures.append(failure)
            return []
        }
    }

    /// The symbols, sorted.
    var symbols: [Symbol] { series.map(\.symbol) }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
