// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import Gateway
import Quant
import Trading

/// What the gateway is told of a desk: costs, limits, sectors and events.
struct GatewaySettings {
    let desk: DeskConfiguration
    let folder: Folder
    /// What the ledger knows besides what is traded today; the terms of contracts among it count.
    var known: [InstrumentID] = []

    /// What the account starts with and pays.
    func exchange() throws -> ExchangeConfiguration {
        try ExchangeConfiguration(
            capital: Money(desk.account.capital),
            feeRate: desk.account.feeRate,
            slippageRate: desk.account.slippageRate,
            allowsShortSales: true,
            contracts: try contracts(),
            execution: desk.execution
        )
    }

    private func contracts() throws -> ContractBook {
        try desk.contracts(besides: known.map(\.description))
    }

    /// The owner's limits; where the file is silent, the defaults for the desk's market.
    func limits(complain: @escaping (String) -> Void = { _ in }) throws -> OwnerLimits {
        let products = try desk.market.symbols.map { try InstrumentID($0) }
        let base = OrderLimits(capital: Money(desk.account.capital), products: Set(products))
        return OwnerLimits(in: folder, base: base, complain: complain)
    }

    /// Everything that the service needs.
    /// - Parameters:
    ///   - now: The time of day, for a live desk.
    ///   - broker: The broker through which it trades.
    ///   - complain: Told what goes wrong without an answer in which to say it.
    /// - Returns: The settings, with the owner's limits as they are now.
    /// - Throws: What is wrong with the limits, a calendar or a symbol.
    func service(
        now: (() -> Instant)?,
        broker: BrokerSettings? = nil,
        complain: @escaping (String) -> Void
    ) throws -> ServiceSettings {
        let limits = try limits(complain: complain)
        return ServiceSettings(
            exchange: try exchange(),
            limits: try limits.load(),
            market: try market(),
            now: now,
            broker: broker,
            complain: complain,
            // A replay keeps the limits that it began with, so that it gives the same each time.
            newLimits: now == nil ? { nil } : { limits.loadChange() }
        )
    }

    /// Refuses a desk whose gateway could not start, before anything is begun.
    /// - Throws: As ``service(now:broker:complain:)``.
    func requireUsable() throws {
        let settings = try service(now: nil) { _ in }
        _ = try desk.broker?.loadMapping(in: folder)
        guard !settings.exchange.contracts.isEmpty else { return }
        guard desk.broker == nil else {
            throw Failure(
                "orchestrator.yml: broker: futures and perpetual futures are traded on paper only;"
                    + " take them out of market.symbols",
                .badData
            )
        }
        try requireContracts(in: try desk.loadFeed(in: folder))
    }

    /// Refuses contracts with bars on days of which the tables do not know everything.
    /// - Throws: A `TradingError`.
    func requireContracts(in feed: any MarketFeed) throws {
        try desk.requireContracts(try desk.contracts(), in: feed)
    }

    private func market() throws -> ControlMarket {
        var sectors: [InstrumentID: String] = [:]
        for sector in desk.market.sectors {
            sectors[try InstrumentID(sector.name)] = sector.value.stringValue
        }
        return ControlMarket(
            sectors: sectors,
            contracts: try contracts(),
            commonEvents: try calendar(desk.market.fomcPath),
            ownEvents: try calendar(desk.market.earningsPath)
        )
    }

    /// The events of a file; a calendar without rows, or none at all, has no events.
    private func calendar(_ path: String?) throws -> EventCalendar {
        guard let path else { return EventCalendar([]) }
        do {
            return try EventCalendar(parsing: try folder.read(path))
        } catch let error as QuantError where error.code == .empty {
            return EventCalendar([])
        }
    }
}
