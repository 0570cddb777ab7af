// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a backtest is run with besides strategy and bars.
struct BacktestTerms: Sendable {
    let costs: Costs
    let capital: Double
    let periodsPerYear: Double
    let riskFree: Double

    /// - Throws: A ``QuantError`` with code `badParameter` for the first that is out of range.
    func check() throws(QuantError) {
        guard capital > 0, capital.isFinite else {
            throw Self.error("the capital is \(capital) and must be above 0")
        }
        guard periodsPerYear > 0, periodsPerYear.isFinite, riskFree.isFinite else {
            throw Self.error("the periods per year must be above 0")
        }
        guard (0..<1).contains(costs.feeRate), (0..<1).contains(costs.slippageRate) else {
            throw Self.error("a rate of costs must be at least 0 and below 1")
        }
        guard costs.feePerUnit >= 0, costs.feePerUnit.isFinite else {
            throw Self.error("the fee per unit must be at least 0")
        }
        if let fault = costs.execution.fault { throw Self.error(fault) }
    }

    /// Refuses a strategy that contradicts the terms of a contract that it trades.
    /// - Throws: A ``QuantError`` with code `badStrategy`.
    func check(_ strategy: Strategy) throws(QuantError) {
        for symbol in strategy.universe {
            guard let contract = costs.contracts[symbol] else { continue }
            let stated = [
                ("multiplier", strategy.multiplier, contract.multiplier),
                ("lot", strategy.lot, contract.lot),
            ]
            for (name, own, its) in stated where own != 1 && own != its {
                throw Self.contradiction(
                    "\(name): \(BarCSV.text(of: own)) is not that of \(symbol), which has "
                        + "\(BarCSV.text(of: its)); leave it out"
                )
            }
            guard let units = strategy.units else { continue }
            let lots = units / contract.lot
            guard abs(lots - lots.rounded()) <= 1e-9 * max(1, lots), lots >= 0.5 else {
                throw Self.contradiction(
                    "units: \(BarCSV.text(of: units)) is no multiple of "
                        + "\(BarCSV.text(of: contract.lot)), the lot of \(symbol)"
                )
            }
        }
    }

    /// Refuses bars without any volume where fills depend on it.
    /// - Throws: A ``QuantError`` with code `noData`.
    func check(_ series: BarSeries) throws(QuantError) {
        guard costs.execution.needsVolume, series.count > 0,
            series.volume.allSatisfy({ !($0 > 0) })
        else { return }
        throw QuantError(
            .noData,
            operation: "run backtest",
            reason: "the bars of \(series.symbol) have no volume, and a share of the volume or an "
                + "impact needs it"
        )
    }

    private static func contradiction(_ reason: String) -> QuantError {
        QuantError(.badStrategy, operation: "run backtest", reason: "strategy.\(reason)")
    }

    private static func error(_ reason: String) -> QuantError {
        QuantError(.badParameter, operation: "run backtest", reason: reason)
    }
}
