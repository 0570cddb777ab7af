// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import GRDB
import Trading

/// What is on the disk of a broker's orders: each entry before the act that follows from it.
extension Ledger {
    /// Writes entries behind those that are there, all or none.
    /// - Throws: As for orders.
    func record(_ entries: [JournalEntry]) throws(GatewayError) {
        try record(entries, with: nil) { _ in }
    }

    /// Writes an order or an exit that a client submitted together with what it leads to.
    /// - Throws: As for orders.
    func record(
        _ submission: Submission,
        delay: Int,
        journal entries: [JournalEntry]
    ) throws(GatewayError) {
        let id = submission.order.id.description
        try record(entries, with: Mark("orders", "id", id)) { database in
            try database.write(submission, delay: delay)
        }
    }

    /// Writes what a session did together with what it leads to.
    /// - Throws: As for orders.
    func record(
        _ settlement: Settlement,
        journal entries: [JournalEntry]
    ) throws(GatewayError) {
        let time = settlement.time.nanosecondsSinceEpoch
        try record(entries, with: Mark("equity", "time", time)) { database in
            try database.write(settlement)
        }
    }

    /// Whether a ledger holds orders of a broker's, which must not be started over.
    ///
    /// Changes nothing; a file that is no ledger holds none.
    /// - Throws: A ``GatewayError`` when it cannot be opened.
    public static func holdsBrokerOrders(path: String) throws(GatewayError) -> Bool {
        do {
            let queue = try DatabaseQueue(path: path)
            return try queue.read { database in
                guard try database.tableExists("journal") else { return false }
                return try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM journal)")
                    ?? false
            }
        } catch {
            throw GatewayError("open ledger \(path)", database: error)
        }
    }

    /// Refuses a ledger that was traded on paper to a broker, and the other way round.
    /// - Throws: A ``GatewayError``: `otherDesk` when they do not belong together.
    public func requireFit(hasBroker: Bool) throws(GatewayError) {
        let operation = "open ledger \(path)"
        let (orders, events): (Int, Int)
        do {
            (orders, events) = try queue.read { database in
                (
                    try Int.fetchOne(database, sql: "SELECT count(*) FROM journal") ?? 0,
                    try Int.fetchOne(
                        database,
                        sql: "SELECT (SELECT count(*) FROM events)"
                            + " + (SELECT count(*) FROM orders WHERE state = 'waiting')"
                    ) ?? 0
                )
            }
        } catch {
            throw GatewayError(operation, database: error)
        }
        guard hasBroker || orders == 0 else {
            throw GatewayError(
                .otherDesk,
                operation,
                "its orders are at a broker; only loopdesk up with the broker: of orchestrator.yml"
                    + " goes on with it"
            )
        }
        guard !hasBroker || orders > 0 || events == 0 else {
            throw GatewayError(
                .otherDesk,
                operation,
                "it was traded on paper; a desk with a broker begins with a ledger of its own, so"
                    + " make a new desk or take broker: out of orchestrator.yml"
            )
        }
    }

    /// Loads everything that was written down, oldest first.
    /// - Throws: A ``GatewayError`` with code `corrupt` when a row makes no sense.
    func loadJournal() throws(GatewayError) -> [JournalEntry] {
        do {
            return try queue.read { database in
                let rows = try Row.fetchCursor(
                    database,
                    sql: "SELECT kind, body FROM journal ORDER BY sequence"
                )
                var entries: [JournalEntry] = []
                while let row = try rows.next() {
                    let body = try JSON(parsing: row[1] as String)
                    let reader = try MessageReader(body, path: "journal")
                    entries.append(try JournalEntry(row[0] as String, reader))
                }
                return entries
            }
        } catch let error as TradingError {
            throw GatewayError(.corrupt, "load ledger \(path)", error.description)
        } catch let error as JSONError {
            throw GatewayError(.corrupt, "load ledger \(path)", "journal: \(error)")
        } catch {
            throw GatewayError("load ledger \(path)", database: error)
        }
    }

    /// The row that tells whether a change took place.
    private struct Mark: Sendable {
        let table: String
        let column: String
        let value: any DatabaseValueConvertible & Sendable

        init(
            _ table: String,
            _ column: String,
            _ value: any DatabaseValueConvertible & Sendable
        ) {
            self.table = table
            self.column = column
            self.value = value
        }
    }

    private func record(
        _ entries: [JournalEntry],
        with mark: Mark?,
        _ write: @Sendable (Database) throws -> Void
    ) throws(GatewayError) {
        guard !entries.isEmpty || mark != nil else { return }
        let rows = entries.map { (kind: $0.kind, body: $0.json.compactText) }
        let first = try nextJournalNumber()
        try change("record \(mark?.table ?? "the journal")") { database in
            try write(database)
            for (place, row) in rows.enumerated() {
                try database.insert("journal", [first + place, row.kind, row.body])
            }
        } isRecorded: { database in
            guard let mark else { return try database.has("journal", "sequence = ?", [first]) }
            return try database.has(mark.table, "\(mark.column) = ?", [mark.value])
        }
    }

    private func nextJournalNumber() throws(GatewayError) -> Int {
        do {
            return try queue.read { database in
                let sql = "SELECT coalesce(max(sequence), 0) + 1 FROM journal"
                return try Int.fetchOne(database, sql: sql) ?? 1
            }
        } catch {
            throw GatewayError("read ledger \(path)", database: error)
        }
    }
}
