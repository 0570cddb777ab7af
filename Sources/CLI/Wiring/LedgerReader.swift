// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Gateway
import Supervisor
import Trading

/// Reads a desk's ledger without asking the gateway.
enum LedgerReader {
    /// The account as it was last settled.
    /// - Throws: A `GatewayError` when the ledger cannot be read.
    static func account(_ desk: OpenDesk) throws -> AccountReport {
        let settings = desk.configuration.account
        let capital = Money(settings.capital)
        let ledger = try Ledger(path: desk.folder.ledgerPath, capital: capital, durable: false)
        let exchange = try PaperExchange(
            configuration: try ExchangeConfiguration(
                capital: capital,
                feeRate: settings.feeRate,
                slippageRate: settings.slippageRate,
                allowsShortSales: true
            ),
            restoring: try ledger.loadRecord()
        )
        let end = Stamp(time: Instant(nanosecondsSinceEpoch: .max), round: 0)
        return AccountReport(exchange, at: end)
    }
}
