// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
public import Quant
public import Trading

extension DeskConfiguration {
    /// The contracts that the desk trades, by the tables of instruments, with those among other
    /// codes that it has traded before.
    /// - Throws: A `TradingError` for a contract that the tables do not know, or of which they lack
    ///   margin or fees.
    public func contracts(besides codes: [String] = []) throws(TradingError) -> ContractBook {
        let holding = try ContractBook.Holding(
            leverage: account.leverage,
            premium: account.premium,
            slippageTicks: account.slippageTicks
        )
        return try ContractBook(market.symbols + codes, holding: holding)
    }

    /// What trading costs on the desk: the account's rates, and the terms of its contracts.
    /// - Throws: As ``contracts()``.
    public func costs() throws(TradingError) -> Costs {
        Costs(
            feeRate: account.feeRate.doubleValue,
            slippageRate: account.slippageRate.doubleValue,
            contracts: try contracts().traded,
            execution: execution
        )
    }

    /// How the desk's market takes orders.
    public var execution: Execution {
        Execution(
            volumeShare: account.volumeShare?.doubleValue,
            latency: account.latency,
            impact: account.impact.doubleValue
        )
    }

    /// Refuses contracts with bars on days of which the tables do not know everything, or with
    /// limits that are no prices of theirs.
    /// - Throws: As ``contracts()``.
    public func requireContracts(
        _ contracts: ContractBook,
        in feed: any MarketFeed
    ) throws(TradingError) {
        guard !contracts.isEmpty else { return }
        var days: [InstrumentID: ClosedRange<CalendarDate>] = [:]
        for instant in feed.instants where replay.contains(instant.date) {
            for bar in feed.bars(at: instant).compactMap(\.acceptedBar) {
                try contracts.requireLimitsOnGrid(bar)
                let instrument = try InstrumentID(bar.symbol.description)
                let first = days[instrument]?.lowerBound ?? instant.date
                days[instrument] = first...instant.date
            }
        }
        try contracts.requireInForce(days)
    }
}
