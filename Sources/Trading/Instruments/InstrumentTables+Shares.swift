// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Shares and funds of the New York exchanges.
extension InstrumentTables {
    /// The symbols that may be traded.
    private static let symbols = """
        AAPL AMZN GOOG GOOGL IBM MSFT META NVDA TSLA NFLX AMD INTC ORCL CSCO ADBE CRM JPM BAC WFC GS
        MS V MA KO PEP PG JNJ PFE MRK UNH HD WMT COST MCD DIS NKE XOM CVX CAT BA GE MMM T VZ
        SPY QQQ IWM DIA TLT GLD
        """

    /// First date and the trading days until delivery.
    private static let settlements = [
        ("2001-04-09", 3, "decimal prices (SEC order of 2000-01-28), delivery after three days"),
        ("2017-09-05", 2, "SEC rule 15c6-1 as amended in 2017"),
        ("2024-05-28", 1, "SEC rule 15c6-1 as amended in 2023"),
    ]

    /// `MA` and `V` also name futures or are near them; a futures product with the same letters
    /// keeps the name.
    private static var shareSymbols: [String] {
        let futures = Set(chineseTerms.map(\.product))
        return rows(symbols).joined().map(String.init).filter { !futures.contains($0) }
    }

    static var shareTerms: [InstrumentTerms] {
        shareSymbols.flatMap { symbol in
            settlements.map { from, days, source in
                InstrumentTerms(
                    product: symbol,
                    kind: .share,
                    marketplace: .newYork,
                    currency: "USD",
                    multiplier: Decimal8(1),
                    grid: .step(
                        Decimal8(units: 1_000_000),
                        belowOne: Decimal8(units: 10_000)
                    ),
                    lot: Decimal8(1),
                    leastNotional: nil,
                    nightEnd: nil,
                    settlement: .delivery(days: days),
                    effectiveFrom: date(from),
                    source: source
                )
            }
        }
    }

    static var shareCharges: [InstrumentCharges] {
        shareSymbols.map { symbol in
            InstrumentCharges(
                product: symbol,
                marginRate: Decimal8(units: 50_000_000),
                maintenanceRate: Decimal8(units: 25_000_000),
                open: .none,
                close: .none,
                closeToday: .none,
                maker: nil,
                effectiveFrom: date("2001-04-09"),
                source: "Regulation T and FINRA rule 4210; a broker without commissions, "
                    + "and regulatory fees left out"
            )
        }
    }
}
