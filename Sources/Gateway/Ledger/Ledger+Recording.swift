// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import GRDB
public import Trading

extension Ledger {
    /// Records a new order with the answer that it got, and how many bars it needs to reach the
    /// market.
    /// - Throws: A ``GatewayError``; only `outcomeUnknown` leaves open whether it is recorded.
    public func record(_ submission: Submission, delay: Int) throws(GatewayError) {
        let order = submission.order
        try change("record order \(order.id)") { database in
            try database.write(submission, delay: delay)
        } isRecorded: { database in
            try database.has("orders", "id = ?", [order.id.description])
        }
    }

    /// Records an instruction.
    /// - Throws: As for orders.
    public func record(_ control: Control) throws(GatewayError) {
        let values: [any DatabaseValueConvertible & Sendable] = [
            control.stamp.time.nanosecondsSinceEpoch, control.stamp.round, control.kind.rawValue,
            control.reason,
        ]
        try change("record \(control.kind.rawValue)") { database in
            try database.insert("halts", values)
        } isRecorded: { database in
            try database.has(
                "halts",
                "time = ? AND round = ? AND kind = ? AND reason = ?",
                StatementArguments(values)
            )
        }
    }

    /// Records what settling a session did, as one transaction.
    /// - Throws: As for orders.
    public func record(_ settlement: Settlement) throws(GatewayError) {
        let time = settlement.time.nanosecondsSinceEpoch
        try change("record session \(settlement.time)") { database in
            try database.write(settlement)
        } isRecorded: { database in
            try database.has("equity", "time = ?", [time])
        }
    }

    /// Runs one transaction; after a failure the ledger itself says whether it took place.
    func change(
        _ operation: String,
        _ write: @Sendable (Database) throws -> Void,
        isRecorded: @Sendable (Database) throws -> Bool
    ) throws(GatewayError) {
        do {
            try queue.write { database in
                try write(database)
                try interfere(.beforeCommit)
            }
            try interfere(.afterCommit)
        } catch {
            try readBack(operation, after: error, isRecorded)
        }
    }

    private func readBack(
        _ operation: String,
        after failure: any Error,
        _ isRecorded: @Sendable (Database) throws -> Bool
    ) throws(GatewayError) {
        let found: Bool
        do {
            try interfere(.readBack)
            found = try queue.read { database in try isRecorded(database) }
        } catch {
            throw GatewayError(
                .outcomeUnknown,
                operation,
                "the ledger failed and cannot be read back; start the gateway again and ask again",
                underlying: failure
            )
        }
        if !found { throw GatewayError(operation, database: failure) }
    }
}

extension Database {
    func insert(_ table: String, _ values: [(any DatabaseValueConvertible)?]) throws {
        let marks = repeatElement("?", count: values.count).joined(separator: ", ")
        try cachedStatement(sql: "INSERT INTO \(table) VALUES (\(marks))")
            .execute(arguments: StatementArguments(values))
    }

    func has(
        _ table: String,
        _ condition: String,
        _ values: StatementArguments
    ) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM \(table) WHERE \(condition))"
        return try Bool.fetchOne(self, sql: sql, arguments: values) ?? false
    }

    func write(_ submission: Submission, delay: Int) throws {
        let order = submission.order
        var state = "waiting"
        var reason: String?
        if case .rejected(let rejection) = submission.acknowledgement.original {
            state = "refused"
            reason = rejection.rawValue
        }
        try insert(
            "orders",
            [
                order.id.description, submission.stamp.time.nanosecondsSinceEpoch,
                submission.stamp.round, state, reason, reason == nil ? -delay : 0,
                order.json.compactText,
            ]
        )
    }

    func write(_ settlement: Settlement) throws {
        try write(ordersOf: settlement)
        for event in settlement.events { try write(event) }
        try write(holdingsOf: settlement.book.account)
        let point = settlement.equity
        try insert(
            "equity",
            [
                settlement.time.nanosecondsSinceEpoch, point.equity.value.units,
                point.cash.value.units, point.drawdown.units,
            ]
        )
    }

    private func write(ordersOf settlement: Settlement) throws {
        for made in settlement.madeOrders {
            try insert(
                "orders",
                [
                    made.order.id.description, made.stamp.time.nanosecondsSinceEpoch,
                    made.stamp.round, "waiting", nil, 0, made.order.json.compactText,
                ]
            )
        }
        let update = try cachedStatement(
            sql: "UPDATE orders SET state = ?, reason = ?, waited = ? WHERE id = ?"
        )
        for (id, outcome) in settlement.outcomes.sorted(by: { $0.key < $1.key }) {
            let values: (String, String?, Int) =
                switch outcome {
                case .filled: ("filled", nil, 0)
                case .filledInPart(let rejection): ("filled in part", rejection.rawValue, 0)
                case .rejected(let rejection): ("rejected", rejection.rawValue, 0)
                case .expired(let rejection): ("expired", rejection.rawValue, 0)
                case .waiting(let sessions): ("waiting", nil, sessions)
                }
            try update.execute(arguments: [values.0, values.1, values.2, id.description])
        }
    }

    private func write(_ event: Event) throws {
        try insert(
            "events",
            [
                event.sequence, event.time.nanosecondsSinceEpoch, event.name,
                event.json.compactText,
            ]
        )
        switch event.kind {
        case .orderFilled(let fill): try write(fill)
        case .lotClosed(let trade): try write(trade)
        case .orderRejected, .orderExpired, .restEnded, .pendingAtLimit, .daySettled,
            .lotFunded, .marginCalled:
            break
        }
    }

    private func write(_ fill: Fill) throws {
        try insert(
            "fills",
            [
                fill.order.description, fill.time.nanosecondsSinceEpoch, fill.entry.description,
                fill.instrument.description, fill.side.rawValue, fill.quantity.value.units,
                fill.price.value.units, fill.notional.value.units, fill.fee.value.units,
            ]
        )
    }

    private func write(_ trade: Trade) throws {
        try insert(
            "trades",
            [
                trade.entry.description, trade.exit.description, trade.instrument.description,
                trade.profit.value.units, trade.fees.value.units, trade.sessionsHeld,
                trade.reason.rawValue, trade.opened.nanosecondsSinceEpoch,
                trade.closed.nanosecondsSinceEpoch,
            ]
        )
    }

    private func write(holdingsOf account: Account) throws {
        try cachedStatement(sql: "DELETE FROM lots").execute()
        for lot in account.sortedLots {
            try insert("lots", [lot.entry.description, lot.sessionsHeld])
        }
        try cachedStatement(sql: "DELETE FROM marks").execute()
        for (instrument, price) in account.marks.sorted(by: { $0.key < $1.key }) {
            try insert("marks", [instrument.description, price.value.units])
        }
    }
}
