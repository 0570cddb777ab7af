// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import struct Quant.Execution
import Testing
import Trading

/// Short makers of the values that the tests trade with.
enum Samples {
    static let instrument = "ACME"

    static func decimal(_ text: String) throws -> Decimal8 { try #require(Decimal8(text)) }

    static func money(_ text: String) throws -> Money { Money(try decimal(text)) }

    static func day(_ number: Int) -> Instant {
        Instant(secondsSinceEpoch: 946_684_800 + Int64(number) * 86_400)
    }

    static func stamp(_ number: Int, _ round: Int = 0) -> Stamp {
        Stamp(time: day(number), round: round)
    }

    static func configuration(
        capital: String = "100000",
        fee: String = "0",
        slippage: String = "0",
        allowsShortSales: Bool = false,
        waitingLimit: Int = 5,
        execution: Execution = .immediate
    ) throws -> ExchangeConfiguration {
        try ExchangeConfiguration(
            capital: money(capital),
            feeRate: decimal(fee),
            slippageRate: decimal(slippage),
            allowsShortSales: allowsShortSales,
            waitingLimit: waitingLimit,
            execution: execution
        )
    }

    static func plan(
        stop: String? = nil,
        target: String? = nil,
        hold: Int? = nil,
        confidence: String? = nil,
        risk: String = "100"
    ) throws -> ExitPlan {
        try ExitPlan(
            stop: stop.map { try Price(decimal($0)) },
            target: target.map { try Price(decimal($0)) },
            holdLimit: hold,
            invalidation: "the trend breaks",
            confidence: confidence.map { try decimal($0) },
            riskInCurrency: money(risk)
        )
    }

    static func entry(
        _ id: String,
        _ side: Side = .buy,
        quantity: String = "10",
        plan: ExitPlan? = nil,
        instrument: String = instrument,
        day number: Int = 0,
        limit: String? = nil
    ) throws -> Order {
        try Order(
            id: OrderID(id),
            instrument: InstrumentID(instrument),
            side: side,
            quantity: Quantity(decimal(quantity)),
            purpose: .entry(plan ?? self.plan(hold: 1000)),
            asked: day(number),
            signal: "signal-\(id)",
            strategy: "trend",
            limit: limit.map { try Price(decimal($0)) }
        )
    }

    static func exit(
        _ id: String,
        of entry: String,
        _ side: Side = .sell,
        quantity: String = "10",
        instrument: String = instrument,
        day number: Int = 1
    ) throws -> Order {
        try Order(
            id: OrderID(id),
            instrument: InstrumentID(instrument),
            side: side,
            quantity: Quantity(decimal(quantity)),
            purpose: .exit(of: OrderID(entry), .exit),
            asked: day(number),
            signal: "signal-\(id)",
            strategy: "trend"
        )
    }

    static func session(
        _ open: String,
        _ high: String,
        _ low: String,
        _ close: String,
        volume: Double = 0,
        instrument: String = instrument
    ) throws -> [InstrumentID: SessionPrices] {
        let prices = try SessionPrices(
            open: decimal(open),
            high: decimal(high),
            low: decimal(low),
            close: decimal(close),
            volume: volume
        )
        return [try InstrumentID(instrument): prices]
    }

    static func flat(
        _ price: String,
        volume: Double = 0
    ) throws -> [InstrumentID: SessionPrices] {
        try session(price, price, price, price, volume: volume)
    }
}

extension [Event] {
    var trades: [Trade] {
        compactMap { event in
            if case .lotClosed(let trade) = event.kind { trade } else { nil }
        }
    }

    var fills: [Fill] {
        compactMap { event in
            if case .orderFilled(let fill) = event.kind { fill } else { nil }
        }
    }

    var refusals: [String: Rejection] {
        reduce(into: [:]) { refusals, event in
            switch event.kind {
            case .orderRejected(let id, let reason), .orderExpired(let id, let reason):
                refusals[id.description] = reason
            default: break
            }
        }
    }
}
