// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The stretches of a walk-forward run, put together to one.
struct WalkForwardAssembly {
    /// The equity that the last stretch left.
    private(set) var equity: Double
    private(set) var steps: [WalkForwardStep] = []
    private var times: [Instant] = []
    private var curve: [Double] = []
    private var trades: [Trade] = []
    private var exposed = 0.0
    private var traded = 0.0

    init(capital: Double) {
        equity = capital
    }

    mutating func append(
        _ result: BacktestResult,
        _ step: WalkForwardStep,
        periodsPerYear: Double
    ) {
        times += result.times
        curve += result.equity
        trades += result.trades
        steps.append(step)
        exposed += (result.metrics.trading?.exposure ?? 0) * Double(result.times.count)
        let mean = result.equity.reduce(0, +) / Double(result.equity.count)
        let years = Double(result.times.count - 1) / periodsPerYear
        traded += (result.metrics.trading?.turnover ?? 0) * mean * years
        equity = result.equity.last ?? equity
    }

    func result(_ settings: WalkForward.Settings) -> BacktestResult {
        BacktestResult(
            times: times,
            equity: curve,
            trades: trades,
            traded: traded,
            exposed: Int(exposed.rounded()),
            periodsPerYear: settings.periodsPerYear,
            riskFree: settings.riskFree
        )
    }
}
