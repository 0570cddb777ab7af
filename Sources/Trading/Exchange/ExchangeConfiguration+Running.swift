// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

extension ExchangeConfiguration {
    /// The exchange on which a strategy's fills are those of its backtest.
    /// - Throws: A ``TradingError`` with code `invalidConfiguration`.
    init(
        running strategy: Strategy,
        on instruments: [InstrumentID],
        costs: Costs,
        capital: Double
    ) throws(TradingError) {
        func exact(_ name: String, _ value: Double) throws(TradingError) -> Decimal8 {
            guard let number = Decimal8(exactly: value) else {
                throw TradingError(
                    .invalidConfiguration,
                    "run '\(strategy.name)' on the paper exchange",
                    "the \(name) \(value) has more than eight decimals or is too large"
                )
            }
            return number
        }
        let fee = Fee(
            rate: try exact("fee", costs.feeRate),
            perLot: try exact("fee per unit", costs.feePerUnit)
        )
        let terms = ContractTerms(
            multiplier: try exact("multiplier", strategy.multiplier),
            lot: try exact("lot", strategy.lot),
            fee: fee
        )
        try self.init(
            capital: Money(try exact("capital", capital)),
            feeRate: fee.rate,
            slippageRate: try exact("slippage", costs.slippageRate),
            allowsShortSales: true,
            waitingLimit: 10_000,
            terms: Dictionary(uniqueKeysWithValues: instruments.map { ($0, terms) }),
            contracts: ContractBook(of: costs.contracts),
            slipsTargets: true,
            lendsCash: true,
            execution: costs.execution
        )
    }
}
