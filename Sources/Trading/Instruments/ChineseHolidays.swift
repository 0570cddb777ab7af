// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// The weekdays on which futures exchanges in China were closed, by the yearly notices.
enum ChineseHolidays {
    /// The years whose notices are here; other days are refused.
    static let years = 2021...2026

    /// First and last day of each closure.
    private static let closures = """
        2021-01-01 2021-01-01
        2021-02-11 2021-02-17
        2021-04-05 2021-04-05
        2021-05-03 2021-05-05
        2021-06-14 2021-06-14
        2021-09-20 2021-09-21
        2021-10-01 2021-10-07
        2022-01-03 2022-01-03
        2022-01-31 2022-02-04
        2022-04-04 2022-04-05
        2022-05-02 2022-05-04
        2022-06-03 2022-06-03
        2022-09-12 2022-09-12
        2022-10-03 2022-10-07
        2023-01-02 2023-01-02
        2023-01-23 2023-01-27
        2023-04-05 2023-04-05
        2023-05-01 2023-05-03
        2023-06-22 2023-06-23
        2023-09-29 2023-10-06
        2024-01-01 2024-01-01
        2024-02-09 2024-02-16
        2024-04-04 2024-04-05
        2024-05-01 2024-05-03
        2024-06-10 2024-06-10
        2024-09-16 2024-09-17
        2024-10-01 2024-10-07
        2025-01-01 2025-01-01
        2025-01-28 2025-02-04
        2025-04-04 2025-04-04
        2025-05-01 2025-05-05
        2025-06-02 2025-06-02
        2025-10-01 2025-10-08
        2026-01-01 2026-01-02
        2026-02-16 2026-02-23
        2026-04-06 2026-04-06
        2026-05-01 2026-05-05
        2026-06-19 2026-06-19
        2026-09-25 2026-09-25
        2026-10-01 2026-10-07
        2027-01-01 2027-01-01
        """

    /// The trading days of those years.
    static let calendar = TradingCalendar.weekdays(
        without: InstrumentTables.rows(closures).flatMap { row in
            let first = InstrumentTables.require(CalendarDate(row[0]), row)
            let last = InstrumentTables.require(CalendarDate(row[1]), row)
            return (first.daysSinceEpoch...last.daysSinceEpoch).map {
                CalendarDate(daysSinceEpoch: $0)
            }
        }
    )
}
