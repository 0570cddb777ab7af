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
    /// Every row must be good, and no two files may hold the same symbol.
    init(_ path: String, symbol: Symbol? = nil) throws {
        guard Self.isFolder(path) else {
            series = try BarData(path, symbol: symbol).series
            return
        }
        let names = try Folder(path).names().filter {
            $0.hasSuffix(".csv") || $0.hasSuffix(".parquet")
        }
        guard (1...Self.mostFiles).contains(names.count) else {
            throw Failure(
                names.isEmpty
                    ? "\(path): the folder has no file of bars; expected .csv or .parquet"
                    : "\(path): the folder has more than \(Self.mostFiles) files of bars",
                .badData
            )
        }
        var series: [BarSeries] = []
        var files: [Symbol: String] = [:]
        for name in names.sorted() {
            for found in try BarData("\(path)/\(name)").series {
                if let other = files.updateValue(name, forKey: found.symbol) {
                    throw Failure(
                        "\(path): both \(other) and \(name) hold bars of \(found.symbol)",
                        .badData
                    )
                }
                series.append(found)
            }
        }
        self.series = series.sorted { $0.symbol < $1.symbol }
    }

    /// The symbols, sorted.
    var symbols: [Symbol] { series.map(\.symbol) }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
