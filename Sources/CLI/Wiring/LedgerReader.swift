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
        let settings = GatewaySettings(desk: desk.configuration, folder: desk.folder.root)
        let configuration = try settings.exchange()
        let ledger = try Ledger(
            path: desk.folder.ledgerPath,
            capital: configuration.capital,
            durable: false
        )
        let exchange = try PaperExchange(
            configuration: configuration,
            restoring: try ledger.loadRecord()
        )
        let end = Stamp(time: Instant(nanosecondsSinceEpoch: .max), round: 0)
        return AccountReport(exchange, at: end)
    }
}
