// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

/// A folder with bars and a strategy, and the commands run on them.
struct Lab {
    let folder: Folder

    init() throws {
        folder = Folder(try ScratchFolder.path)
        try write(bars(300), to: "bars.csv")
        try write(
            """
            name: cross
            parameters: {fast: 5, slow: 20}
            enter: sma(close, fast) > sma(close, slow)
            exit: sma(close, fast) < sma(close, slow)
            costs: {fee: 0.0005}

            """
        )
    }

    var strategy: String { path("cross.yaml") }

    func path(_ name: String) -> String { folder.path(of: name) }

    func write(_ text: String, to name: String = "cross.yaml") throws {
        try folder.replace(name, with: Array(text.utf8))
    }

    func lines(_ name: String) throws -> [String] {
        String(decoding: try folder.read(name), as: UTF8.self).split(separator: "\n")
            .map(String.init)
    }

    /// A seeded walk of daily bars from 2010 on; the symbol is left out when there is one.
    func bars(_ count: Int, symbols: [String] = []) -> String {
        var text = "\(symbols.isEmpty ? "" : "symbol,")timestamp,open,high,low,close,volume\n"
        var random = SeededRandom(seed: 11)
        let columns = symbols.isEmpty ? [""] : symbols.map { "\($0)," }
        var prices = columns.map { _ in 100.0 }
        for day in 0..<count {
            let date = CalendarDate(daysSinceEpoch: 14_610 + day)
            for (index, column) in columns.enumerated() {
                let open = prices[index]
                let close = (open * (1 + random.nextNormal() / 50) * 100).rounded() / 100
                prices[index] = close
                let row = "\(open),\(max(open, close) + 0.5),\(min(open, close) - 0.5),\(close)"
                text += "\(column)\(date),\(row),1000\n"
            }
        }
        return text
    }

    /// Runs a command on the bars.
    func run(_ command: String, _ words: [String]) async throws -> FinishedCommand {
        let data = words.contains("--data") ? [] : ["--data", path("bars.csv")]
        return try await TestDesk.run([command] + words + data)
    }

    /// Runs a command on the bars and reads the object it prints.
    func json(_ command: String, _ words: [String]) async throws -> JSON {
        let result = try await run(command, words + ["--json"])
        #expect(result.isSuccess, "\(result.stderr)")
        return try JSON(parsing: Array(result.stdout.utf8))
    }
}
