// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

/// Short makers of markets, orders and steps.
enum MarketSamples {
    /// A market of one instrument as it was at the end of 2024, or of 2025 for a coin.
    static func market(
        _ code: String = "rb2505",
        balance: String = "1000000",
        rules: MarketRules? = nil
    ) throws -> PaperMarket {
        let date = code == "BTC" ? "2025-12-01" : "2024-12-20"
        return PaperMarket(
            rules: try rules ?? MarketRules(),
            instruments: [
                try InstrumentID(code): try InstrumentTests.instrument(code, on: date)
            ],
            balance: try Samples.money(balance)
        )
    }

    static func order(
        _ id: String,
        _ side: Side = .buy,
        _ quantity: String = "2",
        _ kind: MarketOrder.Kind = .market,
        code: String = "rb2505",
        reducesOnly: Bool = false,
        stop: String? = nil,
        target: String? = nil,
        closesToday: Bool = false
    ) throws -> MarketOrder {
        try MarketOrder(
            id: OrderID(id),
            instrument: InstrumentID(code),
            side: side,
            quantity: InstrumentTests.quantity(quantity),
            kind: kind,
            reducesOnly: reducesOnly,
            bracket: stop.map { stop in
                MarketOrder.Bracket(
                    stop: try InstrumentTests.price(stop),
                    target: try target.map { try InstrumentTests.price($0) }
                )
            },
            closesToday: closesToday
        )
    }

    static func bar(
        _ open: String,
        _ high: String,
        _ low: String,
        _ close: String,
        code: String = "rb2505",
        volume: String? = nil,
        limits: (String, String)? = nil,
        settlement: String? = nil,
        premium: String? = nil
    ) throws -> [InstrumentID: MarketBar] {
        let session = try SessionPrices(
            open: InstrumentTests.price(open),
            high: InstrumentTests.price(high),
            low: InstrumentTests.price(low),
            close: InstrumentTests.price(close),
            limitUp: try limits.map { try InstrumentTests.price($0.1) },
            limitDown: try limits.map { try InstrumentTests.price($0.0) }
        )
        return [
            try InstrumentID(code): MarketBar(
                session,
                volume: try volume.map { try Samples.decimal($0) },
                settlement: try settlement.map { try InstrumentTests.price($0) },
                premium: try premium.map { try Samples.decimal($0) }
            )
        ]
    }

    static func flat(_ price: String) throws -> [InstrumentID: MarketBar] {
        try bar(price, price, price, price)
    }
}

extension [MarketEvent] {
    /// Each fill as `order side quantity@price`.
    var fills: [String] {
        compactMap { event in
            guard case .filled(let fill) = event else { return nil }
            return "\(fill.order) \(fill.side.rawValue) \(fill.quantity)@\(fill.price)"
        }
    }

    var endings: [String] {
        compactMap { event in
            if case .ended(let id, let ending) = event { "\(id): \(ending.rawValue)" } else { nil }
        }
    }

    var pending: [String] {
        compactMap { event in
            if case .pendingAtLimit(let id) = event { id.description } else { nil }
        }
    }
}
