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

    @Option(
        name: .customLong("slippage-ticks"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "The steps of their prices by which fills of contracts are worse as well.",
            valueName: "count"
        )
    )
    var slippageTicks = 0

    @Option(
        name: .customLong("volume-share"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "The most that fills may be of a bar's volume, instead of the strategy's.",
            valueName: "share"
        )
    )
    var volumeShare: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The bars more until an order reaches the market, instead of the strategy's.",
            valueName: "bars"
        )
    )
    var latency: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The share of the price by which a fill of a bar's whole volume is worse, instead of"
                + " the strategy's.",
            valueName: "rate"
        )
    )
    var impact: Double?

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
        guard (0...10_000).contains(slippageTicks) else {
            throw ValidationError("--slippage-ticks must be from 0 to 10000.")
        }
        let execution = execution(insteadOf: .immediate)
        if let fault = execution.fault {
            throw ValidationError(
                "--volume-share, --latency, --impact: \(fault)."
            )
        }
    }

    /// The costs of a strategy, unless others were asked for.
    func costs(insteadOf costs: Costs?) -> Costs {
        let own = costs ?? .none
        return Costs(
            feeRate: fee ?? own.feeRate,
            slippageRate: slippage ?? own.slippageRate,
            feePerUnit: own.feePerUnit,
            execution: execution(insteadOf: own.execution)
        )
    }

    private func execution(insteadOf own: Execution) -> Execution {
        Execution(
            volumeShare: volumeShare ?? own.volumeShare,
            latency: latency ?? own.latency,
            impact: impact ?? own.impact
        )
    }
}

extension IndicatorDialect: ExpressibleByArgument {}
