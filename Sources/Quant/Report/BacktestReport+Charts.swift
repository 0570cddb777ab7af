// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension BacktestReport {
    var equityChart: Chart {
        Chart(
            title: "Equity at each close",
            curve: Curve(
                count: result.times.count,
                time: { result.times[$0] },
                value: { result.equity[$0] }
            ),
            height: 260,
            style: "equity"
        )
    }

    var drawdownChart: Chart {
        let drawdowns = Self.drawdowns(result.equity)
        var chart = Chart(
            title: "Loss from the highest equity before",
            curve: Curve(
                count: result.times.count,
                time: { result.times[$0] },
                value: { drawdowns[$0] }
            ),
            height: 130,
            style: "drawdown",
            isFilled: true
        )
        chart.label = { value, places in
            "\(ReportText.fixed(value * 100, max(0, places - 2))) %"
        }
        return chart
    }

    /// The prices of the first symbols, with the trades on them.
    var priceCharts: String {
        guard let first = result.times.first, let last = result.times.last else { return "" }
        let drawn = subject.universe.prefix(Self.mostPrices)
        var parts = drawn.compactMap { symbol in
            history.first { $0.symbol == symbol }.map { series in
                priceChart(series, from: first, through: last).svg
            }
        }
        if drawn.count < subject.universe.count {
            parts.append(
                "<p class=\"note\">The prices of \(subject.universe.count - drawn.count) more"
                    + " symbols are not drawn.</p>"
            )
        }
        return parts.joined(separator: "\n")
    }

    private func priceChart(_ series: BarSeries, from: Instant, through: Instant) -> Chart {
        let start = series.firstIndex(atOrAfter: from)
        let end = max(start, series.firstIndex(after: through))
        let trades = result.trades.filter { $0.symbol == series.symbol }
        // Evenly thinned out, the first always among them.
        let step = max(1, (trades.count + Self.mostMarks - 1) / Self.mostMarks)
        let marked = stride(from: 0, to: trades.count, by: step).map { trades[$0] }
        var title = "\(series.symbol) at each close"
        if step > 1 { title += ", one of \(step) trades marked" }
        if !marked.isEmpty {
            title += "; ▲ entry, ◆ exit, green with a gain and red without one"
        }
        return Chart(
            title: title,
            curve: Curve(
                count: end - start,
                time: { series.times[start + $0] },
                value: { series.close[start + $0] }
            ),
            height: 260,
            style: "price",
            marks: marked.flatMap(Self.marks)
        )
    }

    private static func marks(_ trade: Trade) -> [Chart.Mark] {
        let entry = Chart.Mark(
            kind: .entry,
            time: Double(trade.entryTime.secondsSinceEpoch),
            value: trade.entryPrice,
            title: "entry \(time(trade.entryTime)) at \(price(trade.entryPrice))"
        )
        let exit = Chart.Mark(
            kind: trade.pnl > 0 ? .gain : .loss,
            time: Double(trade.exitTime.secondsSinceEpoch),
            value: trade.exitPrice,
            title: "\(trade.reason.rawValue) \(time(trade.exitTime)) at \(price(trade.exitPrice)),"
                + " \(ReportText.fixed(trade.pnl, 2))"
        )
        return [entry, exit]
    }

    /// An instant, as a date alone at midnight.
    static func time(_ instant: Instant) -> String {
        instant.secondsSinceEpoch % 86_400 == 0 ? instant.date.description : instant.description
    }

    /// A price with the decimals that its size asks for.
    static func price(_ value: Double) -> String {
        ReportText.fixed(value, abs(value) >= 10 ? 2 : 6)
    }

    /// The loss from the highest equity so far, as a share below zero.
    private static func drawdowns(_ equity: [Double]) -> [Double] {
        var peak = equity.first ?? 0
        return equity.map { value in
            peak = max(peak, value)
            return peak > 0 ? value / peak - 1 : 0
        }
    }
}
