// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Gateway
import Supervisor
import Trading

/// Reads a desk's ledger without asking the gateway.
enum LedgerReader {
    /// Refuses to replay over orders that are at a broker, which no replay gives back.
    /// - Throws: A ``Failure``, or a `GatewayError` when the ledger cannot be read.
    static func requireOnPaper(_ desk: OpenDesk) throws {
        guard desk.folder.runtime.contains("ledger.sqlite"),
            try Ledger.holdsBrokerOrders(path: desk.folder.ledgerPath)
        else { return }
        throw Failure(
            "this desk trades through a broker, and a replay only on paper; replay a copy of it"
                + " made with git clone",
            .badData
        )
    }

    /// Refuses a ledger that does not go with the desk's broker, or with its having none.
    /// - Throws: A `GatewayError`.
    static func requireFit(_ desk: OpenDesk) throws {
        guard desk.folder.runtime.contains("ledger.sqlite") else { return }
        try ledger(of: desk).requireFit(hasBroker: desk.configuration.broker != nil)
    }

    /// What is held of each instrument; nothing without a ledger.
    /// - Throws: A `GatewayError` when the ledger cannot be read.
    static func held(_ desk: OpenDesk) throws -> [InstrumentID: Decimal8] {
        guard desk.folder.runtime.contains("ledger.sqlite") else { return [:] }
        return try ledger(of: desk).heldQuantities()
    }

    private static func ledger(of desk: OpenDesk) throws -> Ledger {
        try Ledger(
            path: desk.folder.ledgerPath,
            capital: Money(desk.configuration.account.capital),
            durable: false
        )
    }

    /// The account as it was last settled.
    /// - Throws: A `GatewayError` when the ledger cannot be read.
    static func account(_ desk: OpenDesk) throws -> AccountReport {
        let ledger = try ledger(of: desk)
        let settings = GatewaySettings(
            desk: desk.configuration,
            folder: desk.folder.root,
            known: try ledger.orderedInstruments()
        )
        let configuration = try settings.exchange()
        let exchange = try PaperExchange(
            configuration: configuration,
            restoring: try ledger.loadRecord()
        )
        let end = Stamp(time: Instant(nanosecondsSinceEpoch: .max), round: 0)
        return AccountReport(exchange, at: end)
    }
}
