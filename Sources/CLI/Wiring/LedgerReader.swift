// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Gateway
import Git
import Supervisor
import Trading

/// Reads a desk's ledger without asking the gateway.
enum LedgerReader {
    private static let name = "ledger.sqlite"

    /// Whether a desk has a ledger; an empty file, as a kill in the middle of making one leaves it,
    /// is none.
    static func isThere(_ folder: DeskFolder) -> Bool {
        do {
            return try folder.runtime.size(of: name) > 0
        } catch {
            // What cannot be looked at is there, and whoever opens it says what is wrong.
            return error.code != .notFound
        }
    }

    /// Whether the ledger is gone although agents have had turns.
    ///
    /// It is on the disk before the first of them, so somebody has taken it away.
    /// - Throws: A `GitError` when it is not there and branches or journal cannot be read.
    static func isLost(_ folder: DeskFolder, _ repository: Repository) throws -> Bool {
        try !isThere(folder) && repository.hasHadTurns()
    }

    /// Refuses to begin a second account beside what agents have done in a first one.
    /// - Throws: A ``Failure``, or a `GitError` as ``isLost(_:_:)``.
    static func requireKept(_ folder: DeskFolder, _ repository: Repository) throws {
        guard try isLost(folder, repository) else { return }
        throw Failure(
            "the ledger .loopdesk/\(name) is gone or empty, with the account of all turns so far;"
                + " put a backup of the file back, or start over with loopdesk replay --fresh,"
                + " which keeps the old branches below refs/rescue",
            .badData
        )
    }

    /// Refuses to replay over orders that are at a broker, which no replay gives back.
    /// - Throws: A ``Failure``, or a `GatewayError` when the ledger cannot be read.
    static func requireOnPaper(_ desk: OpenDesk) throws {
        guard isThere(desk.folder),
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
        guard isThere(desk.folder) else { return }
        try ledger(of: desk).requireFit(hasBroker: desk.configuration.broker != nil)
    }

    /// What is held of each instrument; nothing without a ledger.
    /// - Throws: A `GatewayError` when the ledger cannot be read.
    static func held(_ desk: OpenDesk) throws -> [InstrumentID: Decimal8] {
        guard isThere(desk.folder) else { return [:] }
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
