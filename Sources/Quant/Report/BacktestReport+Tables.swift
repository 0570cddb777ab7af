// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension BacktestReport {
    var monthlyTable: String {
        let years = MonthlyReturns(times: result.times, equity: result.equity).years
        let names =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
            + ["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let head = ([""] + names + ["Year"]).map { "<th scope=\"col\">\($0)</th>" }
        let rows = years.map { year in
            let cells = (year.months + [year.total]).map(Self.cell)
            return "<tr><th scope=\"row\">\(year.year)</th>\(cells.joined())</tr>"
        }
        return """
            <section><h2>Returns by month, in per cent</h2>
            <div class="wide"><table class="months">
            <tr>\(head.joined())</tr>
            \(rows.joined(separator: "\n"))
            </table></div></section>
            """
    }

    /// A return with a shade that deepens up to ten per cent.
    private static func cell(_ value: Double?) -> String {
        guard let value else { return "<td></td>" }
        let depth = min(5, Int((abs(value) * 50).rounded(.up)))
        let shade = depth == 0 ? "" : " class=\"\(value > 0 ? "g" : "l")\(depth)\""
        return "<td\(shade)>\(ReportText.fixed(value * 100, 1))</td>"
    }

    var figureTable: String {
        let metrics = result.metrics
        let trading = metrics.trading
        let significance = [
            (
                "t of the mean return",
                "\(ReportText.number(metrics.neweyWestT, 3)) (\(metrics.neweyWestLags) lags)"
            ),
            ("Probability of a Sharpe ratio above 0", ReportText.number(metrics.psr, 4)),
            ("Skew", ReportText.number(metrics.moments.skewness, 3)),
            ("Kurtosis (normal: 3)", ReportText.number(metrics.moments.kurtosis, 3)),
        ]
        let rows = [
            ("Final equity", ReportText.number(result.equity.last, 2)),
            ("Total return", ReportText.percent(metrics.totalReturn)),
            ("Growth a year", ReportText.percent(metrics.annualReturn)),
            ("Volatility a year", ReportText.percent(metrics.volatility)),
            ("Sharpe ratio", ReportText.number(metrics.sharpe, 3)),
            ("Sortino ratio", ReportText.number(metrics.sortino, 3)),
            ("Calmar ratio", ReportText.number(metrics.calmar, 3)),
            ("Worst drawdown", ReportText.percent(metrics.maxDrawdown)),
        ]
        let activity = [
            ("Trades", ReportText.fixed(Double(result.trades.count), 0)),
            ("Trades won", ReportText.percent(trading?.winRate)),
            ("Gains over losses", ReportText.number(trading?.profitFactor, 3)),
            ("Time in the market", ReportText.percent(trading?.exposure)),
            ("Turnover a year", ReportText.number(trading?.turnover, 2)),
            ("Fees paid", ReportText.number(result.trades.reduce(0) { $0 + $1.fees }, 2)),
        ]
        return """
            <section><h2>Figures</h2>
            <div class="columns">
            \(Self.table(rows))
            \(Self.table(significance + activity))
            </div></section>
            """
    }

    var tradeTable: String {
        guard !result.trades.isEmpty else { return "<p class=\"note\">No trade was made.</p>" }
        let listed = result.trades.suffix(Self.mostListed)
        let names = [
            "Symbol", "Units", "Entry", "Price", "Exit", "Price", "Bars", "Reason", "Gain",
        ]
        let head = names.map { "<th scope=\"col\">\($0)</th>" }.joined()
        let rows = listed.map { trade in
            let cells = [
                trade.symbol.description, BarCSV.text(of: trade.quantity),
                Self.time(trade.entryTime),
                Self.price(trade.entryPrice), Self.time(trade.exitTime),
                Self.price(trade.exitPrice), "\(trade.bars)", trade.reason.rawValue,
                ReportText.fixed(trade.pnl, 2),
            ]
            return "<tr>\(cells.map { "<td>\($0)</td>" }.joined())</tr>"
        }
        let which =
            listed.count < result.trades.count
            ? "The last \(listed.count) of \(result.trades.count) trades" : "Trades"
        return """
            <section><details><summary>\(which)</summary>
            <div class="wide"><table class="trades">
            <tr>\(head)</tr>
            \(rows.joined(separator: "\n"))
            </table></div></details></section>
            """
    }

    var strategySection: String {
        """
        <section><h2>Strategy</h2>
        <pre>\(ReportText.escaped(text))</pre>
        <p class="note">SHA-256 of its canonical form: <code>\(subject.hash)</code></p></section>
        """
    }

    var conventions: String {
        let metrics = result.metrics
        let fee = ReportText.percent(costs.feeRate, 4)
        let slippage = ReportText.percent(costs.slippageRate, 4)
        return """
            <section><h2>Conventions</h2>
            <ul>
            <li>A decision at a close is filled at the symbol's next open, worse by \(slippage) of \
            the price, for a fee of \(fee) of the value on each side\(costs.execution.words).</li>
            <li>A stop or target is watched from the entry's bar on. A bar that opens beyond it \
            fills at the open; when one bar reaches both, the stop is taken.</li>
            <li>Equity is marked at every close; the first equity is the capital of \
            \(ReportText.number(result.equity.first, 2)). What is open at the end is closed at the \
            last close.</li>
            <li>Figures per year assume \(ReportText.fixed(metrics.periodsPerYear, 0)) bars a year \
            and a riskless rate of \(ReportText.percent(metrics.riskFree)). Deviations have the \
            divisor n − 1; the Sortino ratio divides by the root mean square of losses; drawdown \
            includes the starting equity.</li>
            <li>Every time is UTC.</li>
            </ul></section>
            """
    }
}
