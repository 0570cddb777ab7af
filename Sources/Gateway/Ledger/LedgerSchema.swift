// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables of a ledger.
///
/// Every key is natural: nothing records when or in which order rows were written, so equal
/// histories make equal tables. Only the journal of a broker's orders, which is empty without a
/// broker, has the order in which it was written. Money, prices and quantities are units of 10⁻⁸;
/// times are nanoseconds since 1970.
enum LedgerSchema {
    /// The version that this code reads and writes.
    static let version = 5
    /// Marks the file as a ledger: the bytes `LDLG`.
    static let applicationID = 0x4C44_4C47

    /// A table, its key and its columns.
    struct Table {
        let name: String
        let key: String
        let columns: String
        /// The version since which files have it.
        var since = 1

        var creation: String {
            "CREATE TABLE \(name) (\(columns), PRIMARY KEY (\(key))) STRICT, WITHOUT ROWID"
        }
    }

    /// The tables in the order in which the digest reads them.
    static let tables = [
        Table(name: "meta", key: "name", columns: "name TEXT NOT NULL, value TEXT NOT NULL"),
        Table(
            name: "orders",
            key: "id",
            columns: """
                id TEXT NOT NULL, time INTEGER NOT NULL, round INTEGER NOT NULL, \
                state TEXT NOT NULL, reason TEXT, waited INTEGER NOT NULL, body TEXT NOT NULL
                """
        ),
        Table(
            name: "fills",
            key: "order_id, time",
            columns: """
                order_id TEXT NOT NULL, time INTEGER NOT NULL, entry_id TEXT NOT NULL, \
                instrument TEXT NOT NULL, side TEXT NOT NULL, quantity INTEGER NOT NULL, \
                price INTEGER NOT NULL, notional INTEGER NOT NULL, fee INTEGER NOT NULL
                """
        ),
        Table(
            name: "trades",
            key: "entry_id",
            columns: """
                entry_id TEXT NOT NULL, exit_id TEXT NOT NULL, instrument TEXT NOT NULL, \
                profit INTEGER NOT NULL, fees INTEGER NOT NULL, sessions INTEGER NOT NULL, \
                reason TEXT NOT NULL, opened INTEGER NOT NULL, closed INTEGER NOT NULL
                """
        ),
        Table(
            name: "lots",
            key: "entry_id",
            columns: "entry_id TEXT NOT NULL, sessions INTEGER NOT NULL"
        ),
        Table(
            name: "marks",
            key: "instrument",
            columns: "instrument TEXT NOT NULL, price INTEGER NOT NULL"
        ),
        Table(
            name: "equity",
            key: "time",
            columns: """
                time INTEGER NOT NULL, equity INTEGER NOT NULL, cash INTEGER NOT NULL, \
                drawdown INTEGER NOT NULL
                """
        ),
        Table(
            name: "events",
            key: "sequence",
            columns: """
                sequence INTEGER NOT NULL, time INTEGER NOT NULL, kind TEXT NOT NULL, \
                body TEXT NOT NULL
                """
        ),
        Table(
            name: "halts",
            key: "time, round, kind, reason",
            columns: """
                time INTEGER NOT NULL, round INTEGER NOT NULL, kind TEXT NOT NULL, \
                reason TEXT NOT NULL
                """
        ),
        Table(
            name: "refusals",
            key: "id",
            columns: """
                id TEXT NOT NULL, time INTEGER NOT NULL, round INTEGER NOT NULL, \
                reason TEXT NOT NULL, body TEXT NOT NULL
                """,
            since: 2
        ),
        Table(
            name: "permits",
            key: "intent",
            columns: "intent TEXT NOT NULL, found TEXT NOT NULL, body TEXT NOT NULL",
            since: 3
        ),
        Table(
            name: "journal",
            key: "sequence",
            columns: "sequence INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL",
            since: 4
        ),
    ]

    /// Creates the tables in a new file, or checks the marks of one that exists.
    static func prepare(_ database: Database, operation: String) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let mark = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if version == 0, mark == 0, count == 0 { return }
        guard mark == applicationID else {
            throw GatewayError(
                .corrupt,
                operation,
                "the file is a database but no ledger; name another file"
            )
        }
        guard version <= self.version else {
            throw GatewayError(
                .futureVersion,
                operation,
                "it has version \(version) and this program knows \(self.version); "
                    + "use the newer program"
            )
        }
    }

    /// Until version 5 an order was filled once and as a whole.
    private static func keyFillsByTime(_ database: Database) throws {
        guard let table = tables.first(where: { $0.name == "fills" }) else { return }
        try database.execute(sql: "ALTER TABLE fills RENAME TO fills_by_order")
        try database.execute(sql: table.creation)
        let columns = "order_id, time, entry_id, instrument, side, quantity, price, notional, fee"
        try database.execute(
            sql: "INSERT INTO fills (\(columns)) SELECT \(columns) FROM fills_by_order"
        )
        try database.execute(sql: "DROP TABLE fills_by_order")
    }

    static func createTables(_ database: Database) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found < version else { return }
        for table in tables where table.since > found {
            try database.execute(sql: table.creation)
        }
        if found > 0, found < 5 { try keyFillsByTime(database) }
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }
}
