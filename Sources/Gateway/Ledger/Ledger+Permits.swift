// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import GRDB
import Trading

extension Ledger {
    /// Records what a passed verdict allows, and where in the repository it was found.
    /// - Throws: As for orders.
    func record(_ permit: OrderPermit, found: String) throws(GatewayError) {
        try change("record verdict \(permit.verdict)") { database in
            try database.insert("permits", [permit.intent, found, permit.json.compactText])
        } isRecorded: { database in
            try database.has("permits", "intent = ?", [permit.intent])
        }
    }

    /// Loads what passed verdicts allow, by the intent that each is on.
    /// - Throws: A ``GatewayError`` with code `corrupt` when a row makes no sense.
    func loadPermits() throws(GatewayError) -> [String: OrderPermit] {
        do {
            return try queue.read { database in
                var permits: [String: OrderPermit] = [:]
                let bodies = try String.fetchCursor(database, sql: "SELECT body FROM permits")
                while let body = try bodies.next() {
                    let reader = try MessageReader(try JSON(parsing: body), path: "permits")
                    let permit = try OrderPermit(reader)
                    permits[permit.intent] = permit
                }
                return permits
            }
        } catch let error as TradingError {
            throw GatewayError(.corrupt, "load ledger \(path)", error.description)
        } catch let error as JSONError {
            throw GatewayError(.corrupt, "load ledger \(path)", "permits: \(error)")
        } catch {
            throw GatewayError("load ledger \(path)", database: error)
        }
    }
}
