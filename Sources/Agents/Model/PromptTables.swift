// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// Tables of what a model is shown: numbers with their names, oldest first, within bounds.
enum PromptTables {
    /// The most bytes of one signal, and of all.
    static let signalLimit = 2_000, inboxLimit = 24_000
    /// The most characters of an agent's own words.
    static let proseLimit = 8_000

    /// Everything that was delivered, within bounds; files have the whole of it.
    static func inbox(_ input: TurnInput) -> String {
        var text = "# Delivered in this turn, oldest first\n\n"
        var left = inboxLimit
        for signal in input.inbox where signal.topic != .bars {
            let body = signal.body.canonical.compactText
            let line = "- \(signal.id) (\(signal.topic.rawValue)): \(body.prefix(signalLimit))\n"
            guard line.utf8.count <= left else {
                text += "- more in inbox/\n"
                break
            }
            left -= line.utf8.count
            text += line
        }
        return left == inboxLimit ? text + "Nothing but bars." : text
    }

    /// The words of the agent's memory.
    static func prose(_ input: TurnInput) -> String {
        input.state.prose.isEmpty ? "" : String(input.state.prose.prefix(proseLimit))
    }

    static func approvals(_ memory: ResearcherMemory) -> String {
        list(memory.approvals.map { "\($0.hash.prefix(12)) until \($0.until)" })
    }

    static func holdings(_ memory: ResearcherMemory) -> String {
        list(memory.holdings.map { "\($0.symbol) by \($0.family) (\($0.stage.rawValue))" })
    }

    static func list(_ items: [String]) -> String {
        items.isEmpty ? "nothing" : items.prefix(50).joined(separator: ", ")
    }

    /// What the history of each symbol looks like.
    static func history(_ all: [BarSeries]) -> String {
        all.filter { $0.count > 0 }.prefix(64).map { series in
            let last = series.count - 1
            let closes = series.close.array
            let years = [5, 4, 3, 2, 1].compactMap { back -> String? in
                let end = last - (back - 1) * 252
                let start = end - 252
                guard start >= 0 else { return nil }
                return rounded(closes[end] / closes[start] - 1, 4)
            }
            let changes =
                years.isEmpty
                ? "" : "; return of each year of 252: \(years.joined(separator: ", "))"
            return
                "- \(series.symbol): \(series.count) sessions from \(series.times[0].date) through"
                + " \(series.times[last].date), last close \(closes[last])\(changes)"
        }.joined(separator: "\n")
    }

    /// The last bars of one symbol with the usual indicators.
    static func recent(_ series: BarSeries) -> String {
        let closes = series.close.array
        let columns: [(String, [Double])] = [
            ("close", closes), ("ema20", Indicators.ema(closes, window: 20)),
            ("rsi7", Indicators.rsi(closes, window: 7)),
            ("rsi14", Indicators.rsi(closes, window: 14)),
            (
                "atr14",
                Indicators.atr(
                    high: series.high.array,
                    low: series.low.array,
                    close: closes,
                    window: 14
                )
            ),
        ]
        return columns.map { name, values in
            let shown = values.suffix(10).map { $0.isNaN ? "-" : rounded($0, 4) }
            return "  \(name): \(shown.joined(separator: ", "))"
        }.joined(separator: "\n")
    }
}
