// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// The view of the market's history that the supervisor keeps on disk for an agent.
///
/// `history.csv` only grows, so each reading takes in what is new; the file of last bars is
/// replaced.
final class MarketFiles: MarketAccess {
    private let folder: Folder
    private var series: [Symbol: BarSeries] = [:]
    private var offset = 0
    /// The first line of the history.
    private var header: [UInt8] = []
    private var time: Instant?
    private var recentBars: (bytes: [UInt8], series: [BarSeries])?

    init(folder: Folder) {
        self.folder = folder
    }

    /// Goes on to an instant; an earlier one than before, as after a new start of the desk, means
    /// that the history has become shorter and is read again from its beginning.
    func advance(to time: Instant) {
        if let last = self.time, time < last {
            series = [:]
            offset = 0
        }
        self.time = time
    }

    func history() throws -> [BarSeries] {
        guard let bytes = try folder.readIfPresent(MarketArchive.historyFile, from: offset) else {
            return []
        }
        guard !bytes.isEmpty else { return sorted }
        if offset == 0 { header = bytes.prefix { $0 != 0x0A } + [0x0A] }
        for part in try BarCSV.parseStrictly(offset == 0 ? bytes : header + bytes) {
            guard series[part.symbol] != nil else {
                series[part.symbol] = part
                continue
            }
            for bar in part.bars { series[part.symbol]?.append(bar) }
        }
        offset += bytes.count
        return sorted
    }

    func recent() throws -> [BarSeries] {
        // Not mapped, because the next instant writes over the file.
        guard let bytes = try folder.readIfPresent(LatestBars.file) else { return [] }
        if let recentBars, recentBars.bytes == bytes { return recentBars.series }
        let parsed = try BarParquet.parseStrictly(bytes)
        recentBars = (bytes, parsed)
        return parsed
    }

    private var sorted: [BarSeries] {
        series.keys.sorted().compactMap { series[$0] }
    }
}
