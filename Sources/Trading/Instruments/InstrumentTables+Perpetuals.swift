// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Perpetual futures.
extension InstrumentTables {
    /// Product, decimals of a quantity, highest leverage, value from which another is the highest.
    private static let tierRows = """
        BTC 5 40 150000000 20
        ETH 4 25 100000000 15
        """

    private static let perpetualSource = "Hyperliquid's documentation, as of its season of 2025"
    private static let perpetualStart = date("2025-10-01")

    static var perpetualTiers: [LeverageTiers] {
        rows(tierRows).map { row in
            LeverageTiers(
                product: String(row[0]),
                sizeDecimals: require(Int(row[1]), row),
                highest: require(Int(row[2]), row),
                threshold: require(Decimal8(row[3]), row),
                highestAbove: require(Int(row[4]), row),
                effectiveFrom: perpetualStart,
                source: perpetualSource
            )
        }
    }

    static var perpetualTerms: [InstrumentTerms] {
        perpetualTiers.map { tier in
            var lot = Decimal8.scale
            for _ in 0..<tier.sizeDecimals { lot /= 10 }
            return InstrumentTerms(
                product: tier.product,
                kind: .perpetual,
                marketplace: .hyperliquid,
                currency: "USD",
                multiplier: Decimal8(1),
                grid: .figures(5, decimals: 6 - tier.sizeDecimals),
                lot: Decimal8(units: lot),
                leastNotional: Decimal8(10),
                nightEnd: nil,
                settlement: .hourlyFunding,
                effectiveFrom: tier.effectiveFrom,
                source: tier.source
            )
        }
    }

    static var perpetualCharges: [InstrumentCharges] {
        perpetualTiers.map { tier in
            let taker = Fee(rate: Decimal8(units: 45_000))
            return InstrumentCharges(
                product: tier.product,
                marginRate: nil,
                maintenanceRate: nil,
                open: taker,
                close: taker,
                closeToday: taker,
                maker: Fee(rate: Decimal8(units: 15_000)),
                effectiveFrom: tier.effectiveFrom,
                source: "Hyperliquid's documentation: base tier"
            )
        }
    }
}
