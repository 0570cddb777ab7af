// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import GRDB
import Trading

extension Ledger {
    /// Records an order that the controls refused.
    /// - Throws: As for orders.
    func record(_ refused: RefusedOrder) throws(GatewayError) {
        let id = refused.order.id.description
        try change("record refusal \(id)") { database in
            try database.insert(
                "refusals",
                [
                    id, refused.stamp.time.nanosecondsSinceEpoch, refused.stamp.round,
                    refused.reason, refused.order.json.compactText,
                ]
            )
        } isRecorded: { database in
            try database.has("refusals", "id = ?", [id])
        }
    }

    /// Loads the orders that were refused, in the order of their ids.
    /// - Throws: A ``GatewayError`` with code `corrupt` when a row makes no sense.
    func loadRefusals() throws(GatewayError) -> [RefusedOrder] {
        do {
            return try queue.read { database in
                let rows = try Row.fetchCursor(
                    database,
                    sql: "SELECT time, round, reason, body FROM refusals ORDER BY id"
                )
                var refusals: [RefusedOrder] = []
                while let row = try rows.next() {
                    let time = Instant(nanosecondsSinceEpoch: row[0])
                    let body = try JSON(parsing: row[3] as String)
                    refusals.append(
                        RefusedOrder(
                            order: try Order(try MessageReader(body, path: "refusals")),
                            stamp: Stamp(time: time, round: row[1]),
                            reason: row[2]
                        )
                    )
                }
                return refusals
            }
        } catch let error as TradingError {
            throw GatewayError(.corrupt, "load ledger \(path)", error.description)
        } catch let error as JSONError {
            throw GatewayError(.corrupt, "load ledger \(path)", "refusals: \(error)")
        } catch {
            throw GatewayError("load ledger \(path)", database: error)
        }
    }
}
