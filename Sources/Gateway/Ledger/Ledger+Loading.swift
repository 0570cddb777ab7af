// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import GRDB
public import Trading

extension Ledger {
    /// Loads everything from which the exchange is rebuilt.
    /// - Throws: A ``GatewayError`` with code `corrupt` when a row makes no sense or the tables
    ///   contradict one another.
    public func loadRecord() throws(GatewayError) -> ExchangeRecord {
        let operation = "load ledger \(path)"
        do {
            return try queue.read { database in
                var record = ExchangeRecord()
                try database.loadOrders(into: &record)
                try database.loadEvents(into: &record)
                try database.loadHoldings(into: &record)
                return record
            }
        } catch let error as TradingError {
            throw GatewayError(.corrupt, operation, error.description, underlying: error)
        } catch {
            throw GatewayError(operation, database: error)
        }
    }

    /// The hash of all tables, row by row in the order of their keys.
    ///
    /// Equal histories have equal digests. Reads the whole ledger.
    /// - Throws: A ``GatewayError``.
    public func digest() throws(GatewayError) -> ContentHash {
        do {
            return try queue.read { database in
                var hash = RunningHash()
                for table in LedgerSchema.tables {
                    hash.update(Array("\(table.name)\n".utf8))
                    let sql = "SELECT * FROM \(table.name) ORDER BY \(table.key)"
                    let rows = try Row.fetchCursor(database, sql: sql)
                    while let row = try rows.next() {
                        hash.update(JSON.array(row.databaseValues.map(\.json)).compactBytes)
                        hash.update([0x0A])
                    }
                }
                return hash.value
            }
        } catch {
            throw GatewayError("read ledger \(path)", database: error)
        }
    }
}

extension DatabaseValue {
    fileprivate var json: JSON {
        switch storage {
        case .null: .null
        case .int64(let number): .int(number)
        case .double(let number): .number(number)
        case .string(let text): .string(text)
        case .blob(let bytes): .array(bytes.map { .int(Int64($0)) })
        }
    }
}

extension Database {
    fileprivate func loadOrders(into record: inout ExchangeRecord) throws {
        let rows = try Row.fetchCursor(
            self,
            sql: "SELECT time, round, state, reason, waited, body FROM orders ORDER BY id"
        )
        while let row = try rows.next() {
            let order = try Order(try Self.reader(row[5], "orders"))
            let stamp = Stamp(time: Instant(nanosecondsSinceEpoch: row[0]), round: row[1])
            let state: String = row[2]
            if !order.id.isMadeByExchange {
                let refusal = state == "refused" ? Rejection(rawValue: row[3] ?? "") : nil
                record.submissions.append(
                    Submission(
                        order: order,
                        stamp: stamp,
                        acknowledgement: refusal.map { .rejected($0) } ?? .accepted
                    )
                )
            }
            guard state == "waiting" else { continue }
            record.pending.append(PendingOrder(order: order, stamp: stamp, sessionsWaited: row[4]))
        }
        let controls = try Row.fetchCursor(self, sql: "SELECT time, round, kind, reason FROM halts")
        while let row = try controls.next() {
            guard let kind = Control.Kind(rawValue: row[2]) else {
                throw Self.contradiction("halts has an unknown kind")
            }
            let stamp = Stamp(time: Instant(nanosecondsSinceEpoch: row[0]), round: row[1])
            record.controls.append(Control(kind, reason: row[3], at: stamp))
        }
    }

    fileprivate func loadEvents(into record: inout ExchangeRecord) throws {
        var fills = 0
        var trades = 0
        let bodies = try String.fetchCursor(self, sql: "SELECT body FROM events ORDER BY sequence")
        while let body = try bodies.next() {
            let event = try Event(try Self.reader(body, "events"))
            record.events.append(event)
            switch event.kind {
            case .orderFilled: fills += 1
            case .lotClosed: trades += 1
            case .orderRejected, .orderExpired, .restEnded, .pendingAtLimit, .daySettled,
                .lotFunded, .marginCalled:
                break
            }
        }
        let counted = try Row.fetchOne(
            self,
            sql: "SELECT (SELECT count(*) FROM fills), (SELECT count(*) FROM trades)"
        )
        guard counted?[0] == fills, counted?[1] == trades else {
            throw Self.contradiction("the events and the fills or trades differ in number")
        }
        let points = try Row.fetchCursor(
            self,
            sql: "SELECT time, equity, cash, drawdown FROM equity ORDER BY time"
        )
        while let row = try points.next() {
            record.equityPoints.append(
                EquityPoint(
                    time: Instant(nanosecondsSinceEpoch: row[0]),
                    equity: Money(Decimal8(units: row[1])),
                    cash: Money(Decimal8(units: row[2])),
                    drawdown: Decimal8(units: row[3])
                )
            )
        }
    }

    fileprivate func loadHoldings(into record: inout ExchangeRecord) throws {
        let lots = try Row.fetchCursor(self, sql: "SELECT entry_id, sessions FROM lots")
        while let row = try lots.next() {
            record.sessionsHeld[try OrderID(row[0] as String)] = row[1]
        }
        let marks = try Row.fetchCursor(self, sql: "SELECT instrument, price FROM marks")
        while let row = try marks.next() {
            let price = try Price(Decimal8(units: row[1]))
            record.marks[try InstrumentID(row[0] as String)] = price
        }
    }

    private static func reader(_ body: String, _ table: String) throws -> MessageReader {
        do {
            return try MessageReader(try JSON(parsing: body), path: table)
        } catch let error as JSONError {
            throw contradiction("\(table): \(error)")
        }
    }

    private static func contradiction(_ reason: String) -> TradingError {
        TradingError(.inconsistentRecord, "load the ledger", reason)
    }
}
