// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Commodity futures in China.
extension InstrumentTables {
    /// Product, exchange, first date, multiplier, tick, end of the night session.
    private static let termRows = """
        rb SHFE 2024-01-02 10 1 23:00
        hc SHFE 2024-01-02 10 1 23:00
        au SHFE 2024-01-02 1000 0.02 02:30
        ag SHFE 2024-01-02 15 1 02:30
        cu SHFE 2024-01-02 5 10 01:00
        al SHFE 2024-01-02 5 5 01:00
        zn SHFE 2024-01-02 5 5 01:00
        ni SHFE 2024-01-02 1 10 01:00
        sn SHFE 2024-01-02 1 10 01:00
        ss SHFE 2024-01-02 5 5 01:00
        ao SHFE 2024-01-02 20 1 01:00
        ru SHFE 2024-01-02 10 5 23:00
        fu SHFE 2024-01-02 10 1 23:00
        bu SHFE 2024-01-02 10 1 23:00
        sp SHFE 2024-01-02 10 2 23:00
        sc INE 2024-01-02 1000 0.1 02:30
        nr INE 2024-01-02 10 5 23:00
        lu INE 2024-01-02 10 1 23:00
        bc INE 2024-01-02 5 10 01:00
        i DCE 2024-01-02 100 0.5 23:00
        j DCE 2024-01-02 100 0.5 23:00
        jm DCE 2024-01-02 60 0.5 23:00
        m DCE 2024-01-02 10 1 23:00
        y DCE 2024-01-02 10 2 23:00
        p DCE 2024-01-02 10 2 23:00
        a DCE 2024-01-02 10 1 23:00
        b DCE 2024-01-02 10 1 23:00
        c DCE 2024-01-02 10 1 23:00
        cs DCE 2024-01-02 10 1 23:00
        l DCE 2024-01-02 5 1 23:00
        pp DCE 2024-01-02 5 1 23:00
        v DCE 2024-01-02 5 1 23:00
        eg DCE 2024-01-02 10 1 23:00
        eb DCE 2024-01-02 5 1 23:00
        pg DCE 2024-01-02 20 1 23:00
        jd DCE 2024-01-02 10 1 -
        lh DCE 2024-01-02 16 5 -
        TA CZCE 2024-01-02 5 2 23:00
        MA CZCE 2024-01-02 10 1 23:00
        SR CZCE 2024-01-02 10 1 23:00
        RM CZCE 2024-01-02 10 1 23:00
        OI CZCE 2024-01-02 10 1 23:00
        CF CZCE 2024-01-02 5 5 23:00
        FG CZCE 2024-01-02 20 1 23:00
        SA CZCE 2024-01-02 20 1 23:00
        AP CZCE 2024-01-02 10 1 -
        UR CZCE 2024-01-02 20 1 -
        si GFEX 2024-01-02 5 5 -
        lc GFEX 2024-01-02 1 50 -
        lc GFEX 2024-12-18 1 20 -
        """

    /// Product, first date, margin, fees for opening, closing, and closing on the same day.
    private static let chargeRows = """
        rb 2024-12-01 7% 0.01% 0.01% 0.01%
        m 2024-12-01 7% 1.5 1.5 1.5
        RM 2024-12-01 7% 1.5 1.5 1.5
        MA 2024-12-01 8% 0.01% 0.01% 0.01%
        p 2024-12-01 8% 2.5 2.5 2.5
        v 2024-12-01 7% 1 1 1
        fu 2024-12-01 9% 0.001% 0.001% 0
        ru 2024-12-01 8% 3 3 0
        cu 2018-01-02 - 0.005% 0.005% 0.005%
        """

    private static let termSource =
        "WonderTrader's public tables of commodities and sessions, taken from the start of 2024 on"

    static var chineseTerms: [InstrumentTerms] {
        rows(termRows).map { row in
            InstrumentTerms(
                product: String(row[0]),
                kind: .future,
                marketplace: require(Marketplace(rawValue: String(row[1])), row),
                currency: "CNY",
                multiplier: require(Decimal8(row[3]), row),
                grid: .step(require(Decimal8(row[4]), row), belowOne: nil),
                lot: Decimal8(1),
                leastNotional: nil,
                nightEnd: row[5] == "-" ? nil : require(ClockTime(row[5]), row),
                settlement: .dailyAverage,
                effectiveFrom: require(CalendarDate(row[2]), row),
                source: row[0] == "lc" && row[2] != "2024-01-02"
                    ? "notice 2024-337 of the exchange, from the settlement of 2024-12-17 on"
                    : termSource
            )
        }
    }

    static var chineseCharges: [InstrumentCharges] {
        rows(chargeRows).map { row in
            InstrumentCharges(
                product: String(row[0]),
                marginRate: row[2] == "-" ? nil : require(Fee.percentage(row[2]), row),
                maintenanceRate: nil,
                open: require(Fee(row[3]), row),
                close: require(Fee(row[4]), row),
                closeToday: require(Fee(row[5]), row),
                maker: nil,
                effectiveFrom: require(CalendarDate(row[1]), row),
                source: row[0] == "cu"
                    ? "the exchange's fee of 2018"
                    : "a broker's sheet of December 2024, indicative"
            )
        }
    }
}
