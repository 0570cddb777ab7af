// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Quant

/// With what money and at what cost a strategy is run.
struct TradingOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The equity to begin with.", valueName: "money")
    )
    var capital = 100_000.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The fee on each side as a share of the value, instead of the strategy's.",
            valueName: "rate"
        )
    )
    var fee: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The share of the price by which fills are worse, instead of the strategy's.",
            valueName: "rate"
        )
    )
    var slippage: Double?

    @Flag(
        name: .long,
        help: "Trade contracts as plain units, by the strategy's own multiplier and costs."
    )
    var plain = false

    @Option(help: ArgumentHelp("The conventions of indicators: talib or fmz.", valueName: "name"))
    var dialect = IndicatorDialect.talib

    /// Refuses what cannot be; the commands call it with their own checks.
    func check() throws {
        guard (0.01...1e15).contains(capital) else {
            throw ValidationError("--capital must be from 0.01 to 1e15.")
        }
        for (name, rate) in [("--fee", fee), ("--slippage", slippage)] {
            guard let rate else { continue }
            guard (0..<1).contains(rate) else {
                throw ValidationError("\(name) must be at least 0 and below 1.")
            }
        }
    }

    /// The costs of a strategy, unless others were asked for.
    func costs(insteadOf costs: Costs?) -> Costs {
        let own = costs ?? .none
        return Costs(
            feeRate: fee ?? own.feeRate,
            slippageRate: slippage ?? own.slippageRate,
            feePerUnit: own.feePerUnit
        )
    }
}

extension IndicatorDialect: ExpressibleByArgument {}
