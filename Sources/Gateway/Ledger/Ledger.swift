// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import GRDB
public import Trading

/// The gateway's record of every order, fill, close and instruction, in one SQLite file.
///
/// One transaction a change. The file holds no wall clock, no row number and no order of arrival,
/// so equal histories have equal digests. Only one process at a time can have it open.
public struct Ledger: Sendable {
    /// A place at which a test can make the storage fail.
    package enum Moment: Sendable {
        case beforeCommit
        case afterCommit
        case readBack
    }

    let queue: DatabaseQueue
    let path: String
    /// Called at each ``Moment``; tests throw from it.
    package var interfere: @Sendable (Moment) throws -> Void = { _ in }

    /// Opens a ledger, or creates it for an account with this capital.
    ///
    /// With `durable`, a change survives a loss of power; without, only a loss of the process,
    /// which is enough where the desk can be replayed.
    /// - Throws: A ``GatewayError``: `cannotOpen`, `inUse`, `corrupt`, `futureVersion` (the file is
    ///   then left as it was), `otherDesk` or `diskFull`.
    public init(path: String, capital: Money, durable: Bool) throws(GatewayError) {
        let operation = "open ledger \(path)"
        self.path = path
        do {
            queue = try DatabaseQueue(path: path, configuration: Self.makeConfiguration())
            try queue.writeWithoutTransaction { database in
                try LedgerSchema.prepare(database, operation: operation)
                try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
                // Whatever is promised of later changes: no power cut after this leaves a file that
                // is missing or empty, by which a desk tells that its ledger was taken away.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA journal_mode = WAL")
                try database.execute(sql: "PRAGMA synchronous = \(durable ? "FULL" : "OFF")")
                try database.inTransaction(.immediate) {
                    try LedgerSchema.createTables(database)
                    try Self.checkCapital(database, capital, operation)
                    return .commit
                }
                let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
                guard verdict == "ok" else {
                    // SQLite names the database in a line of its own; the operation has the file.
                    let lines = (verdict ?? "no answer").split(whereSeparator: \.isNewline)
                        .filter { !$0.hasPrefix("*** ") }
                    throw GatewayError(
                        .corrupt,
                        operation,
                        "\(lines.joined(separator: ", ")); restore the file or start a new one"
                    )
                }
            }
        } catch {
            throw GatewayError(operation, database: error)
        }
    }

    /// The version of SQLite that this program runs with; `unknown` when it does not say.
    public static var libraryVersion: String {
        // A library that cannot answer has greater troubles, which opening a ledger tells.
        let version = try? DatabaseQueue().read { database in
            try String.fetchOne(database, sql: "SELECT sqlite_version()")
        }
        return version.flatMap { $0 } ?? "unknown"
    }

    /// Closes the file; the ledger cannot be used afterwards.
    /// - Throws: A ``GatewayError`` with code `storage`.
    public func close() throws(GatewayError) {
        do { try queue.close() } catch {
            throw GatewayError("close ledger \(path)", database: error)
        }
    }

    /// Lets the file grow no further than this many pages, or its present size if that is more.
    package func limitPages(to count: Int) throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA max_page_count = \(count)")
        }
    }

    private static func makeConfiguration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "ledger"
        return configuration
    }

    private static func checkCapital(
        _ database: Database,
        _ capital: Money,
        _ operation: String
    ) throws {
        let sql = "SELECT value FROM meta WHERE name = 'capital'"
        guard let known = try String.fetchOne(database, sql: sql) else {
            try database.execute(
                sql: "INSERT INTO meta (name, value) VALUES ('capital', ?)",
                arguments: [capital.description]
            )
            return
        }
        guard known == capital.description else {
            throw GatewayError(
                .otherDesk,
                operation,
                "it began with a capital of \(known), not \(capital); name another file"
            )
        }
    }
}
