// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import GRDB
public import Trading

/// What a ledger has to do with, whatever its desk trades today.
extension Ledger {
    /// The instruments of every order that was ever taken, sorted.
    ///
    /// Their terms are needed to rebuild the account, also those of what the desk has given up.
    /// - Throws: A ``GatewayError``.
    public func orderedInstruments() throws(GatewayError) -> [InstrumentID] {
        try reading { database in
            let sql = "SELECT DISTINCT json_extract(body, '$.instrument') FROM orders"
            return try String.fetchAll(database, sql: sql).map { try InstrumentID($0) }.sorted()
        }
    }

    /// What is held of each instrument, both sides added up.
    /// - Throws: A ``GatewayError``.
    public func heldQuantities() throws(GatewayError) -> [InstrumentID: Decimal8] {
        try reading { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT fills.instrument, sum(fills.quantity) FROM lots \
                    JOIN fills ON fills.order_id = lots.entry_id GROUP BY fills.instrument
                    """
            )
            var held: [InstrumentID: Decimal8] = [:]
            for row in rows {
                held[try InstrumentID(row[0] as String)] = Decimal8(units: row[1])
            }
            return held
        }
    }

    private func reading<Value>(
        _ read: (Database) throws -> Value
    ) throws(GatewayError) -> Value {
        do {
            return try queue.read(read)
        } catch let error as TradingError {
            throw GatewayError(
                .corrupt,
                "read ledger \(path)",
                error.description,
                underlying: error
            )
        } catch {
            throw GatewayError("read ledger \(path)", database: error)
        }
    }
}
