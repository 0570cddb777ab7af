// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import GRDB
import Gateway
import Glibc
import struct Quant.Execution
import Testing
import Trading

@Suite("Ledger")
struct LedgerTests {
    struct Broken: Error {}

    private func open(_ bench: Bench, capital: Int = 100_000) throws -> Ledger {
        try Ledger(
            path: bench.folder.path(of: "ledger.sqlite"),
            capital: Money(Decimal8(capital)),
            durable: false
        )
    }

    @Test("no table has row numbers or a default that asks a clock")
    func schema() throws {
        let bench = try Bench()
        try bench.ledger.close()
        let queue = try DatabaseQueue(path: bench.folder.path(of: "ledger.sqlite"))

        let tables = try queue.read { database in
            try String.fetchAll(database, sql: "SELECT sql FROM sqlite_schema WHERE type = 'table'")
        }

        #expect(tables.count == 12)
        #expect(tables.allSatisfy { $0.contains("WITHOUT ROWID") && !$0.contains("DEFAULT") })
    }

    @Test("a second opening is refused while the first lasts")
    func inUse() throws {
        let bench = try Bench()
        bench.settle(1)

        let error = #expect(throws: GatewayError.self) { try open(bench) }

        #expect(error?.code == .inUse)
    }

    @Test("a ledger of another capital is refused")
    func otherDesk() throws {
        let bench = try Bench()
        try bench.ledger.close()

        let error = #expect(throws: GatewayError.self) { try open(bench, capital: 5) }

        #expect(error?.code == .otherDesk)
    }

    @Test("a folder that is not there is named")
    func noFolder() throws {
        let error = #expect(throws: GatewayError.self) {
            try Ledger(
                path: "/tmp/loopdesk-no-such-folder/l",
                capital: Money(Decimal8(5)),
                durable: false
            )
        }

        #expect(error?.code == .cannotOpen)
        #expect(error?.description.contains("/tmp/loopdesk-no-such-folder/l") == true)
    }

    @Test("a ledger of a later version is refused and left byte for byte")
    func futureVersion() throws {
        let bench = try Bench()
        try bench.ledger.close()
        let name = "ledger.sqlite"
        var bytes = try bench.folder.read(name)
        // The user version is the big-endian number at byte 60 of a database.
        bytes[63] += 1
        try bench.folder.replace(name, with: bytes)

        let error = #expect(throws: GatewayError.self) { try open(bench) }

        #expect(error?.code == .futureVersion)
        #expect(try bench.folder.read(name) == bytes)
    }

    @Test(
        "a ledger of an earlier version gets what it lacks and keeps what it has",
        arguments: [
            "DROP TABLE journal; DROP TABLE refusals; DROP TABLE permits; PRAGMA user_version = 1",
            "DROP TABLE journal; DROP TABLE permits; PRAGMA user_version = 2",
            "DROP TABLE journal; PRAGMA user_version = 3",
        ]
    )
    func earlierVersion(undoing: String) throws {
        let bench = try Bench()
        bench.round(1, 0)
        _ = bench.ask(.submit, Bench.entry("a", day: 1))
        let orders = bench.summary()["orders"]
        try bench.ledger.close()
        let queue = try DatabaseQueue(path: bench.folder.path(of: "ledger.sqlite"))
        try queue.write { database in
            try database.execute(sql: undoing)
        }
        try queue.close()

        bench.ledger = try open(bench)
        try bench.rebuild()
        bench.round(1, 1)

        #expect(bench.summary()["orders"] == orders)
        #expect(bench.ask(.submit, Bench.entry("b", day: 1, instrument: "ZZZ"))["result"] != nil)
    }

    @Test("an order whose rest was given up is not one that came to nothing")
    func filledInPart() throws {
        let bench = try Bench(execution: Execution(volumeShare: 0.1))
        bench.settle(1)
        _ = bench.ask(.submit, Bench.entry("a", day: 1, quantity: "60"))
        bench.settle(2)
        bench.settle(3)
        try bench.ledger.close()

        let queue = try DatabaseQueue(path: bench.folder.path(of: "ledger.sqlite"))
        let states = try queue.read { database in
            try String.fetchAll(database, sql: "SELECT state || ': ' || reason FROM orders")
        }
        try queue.close()

        #expect(states == ["filled in part: too little was traded within the waiting limit"])
    }

    @Test("the fills of a ledger in which an order was filled once are kept")
    func fillsByOrder() throws {
        let bench = try Bench()
        bench.round(1, 0)
        _ = bench.ask(.submit, Bench.entry("a", day: 1))
        bench.settle(2)
        let digest = try bench.ledger.digest()
        try bench.ledger.close()
        let queue = try DatabaseQueue(path: bench.folder.path(of: "ledger.sqlite"))
        let before = try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE older (
                        order_id TEXT NOT NULL, entry_id TEXT NOT NULL, instrument TEXT NOT NULL,
                        side TEXT NOT NULL, quantity INTEGER NOT NULL, price INTEGER NOT NULL,
                        notional INTEGER NOT NULL, fee INTEGER NOT NULL, time INTEGER NOT NULL,
                        PRIMARY KEY (order_id)
                    ) STRICT, WITHOUT ROWID;
                    INSERT INTO older SELECT order_id, entry_id, instrument, side, quantity, price,
                        notional, fee, time FROM fills;
                    DROP TABLE fills;
                    ALTER TABLE older RENAME TO fills;
                    PRAGMA user_version = 4;
                    """
            )
            return try Int.fetchOne(database, sql: "SELECT count(*) FROM fills")
        }
        try queue.close()

        bench.ledger = try open(bench)
        try bench.rebuild()

        #expect(before == 1)
        #expect(try bench.ledger.digest() == digest)
    }

    @Test("a file that is no ledger is refused", arguments: ["text", "other database"])
    func noLedger(kind: String) throws {
        let bench = try Bench()
        try bench.ledger.close()
        try bench.folder.removeContents()
        if kind == "text" {
            try bench.folder.replace(
                "ledger.sqlite",
                with: Array(String(repeating: "hello ", count: 500).utf8)
            )
        } else {
            let queue = try DatabaseQueue(path: bench.folder.path(of: "ledger.sqlite"))
            try queue.write { try $0.execute(sql: "CREATE TABLE notes (text TEXT)") }
            try queue.close()
        }

        let error = #expect(throws: GatewayError.self) { try open(bench) }

        #expect(error?.code == .corrupt)
    }

    @Test("a damaged page is found when the ledger is opened")
    func damagedPage() throws {
        let bench = try Bench()
        for day in 1...40 {
            bench.round(day, 0)
            _ = bench.ask(.submit, Bench.entry("order-\(day)", day: day))
            bench.settle(day + 1)
        }
        try bench.ledger.close()
        var bytes = try bench.folder.read("ledger.sqlite")
        for place in (4096 * 2)..<(4096 * 3) { bytes[place] = 0xAB }
        try bench.folder.replace("ledger.sqlite", with: bytes)

        let error = #expect(throws: GatewayError.self) { try open(bench) }

        #expect(error?.code == .corrupt)
        let text = try #require(error).description
        #expect(text.contains("ledger.sqlite: ") && !text.contains(where: \.isNewline), "\(text)")
        #expect(!text.contains("***"), "\(text)")
    }

    @Test(
        "tables that contradict one another are found when the service starts",
        arguments: [
            "DELETE FROM fills", "DELETE FROM trades", "DELETE FROM lots",
            "UPDATE equity SET cash = cash + 1", "DELETE FROM events WHERE sequence = 1",
            "UPDATE events SET body = '{' WHERE sequence = 1",
            "UPDATE orders SET body = '{}'", "DELETE FROM orders",
            "UPDATE halts SET kind = 'shout'", "UPDATE marks SET price = 0",
        ]
    )
    func contradictions(sql: String) throws {
        let bench = try Bench()
        bench.round(1, 0)
        _ = bench.ask(.submit, Bench.entry("a", day: 1, hold: 1))
        _ = bench.ask(.submit, Bench.entry("b", day: 1, hold: 50))
        for day in 2...4 { bench.settle(day) }
        _ = bench.ask(.halt, ["reason": "x"])
        try bench.ledger.close()
        let queue = try DatabaseQueue(path: bench.folder.path(of: "ledger.sqlite"))
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()

        let error = #expect(throws: GatewayError.self) { try bench.reopen() }

        #expect(error?.code == .corrupt)
    }

    @Test("a full ledger says so, records nothing and goes on when there is room")
    func diskFull() throws {
        let bench = try Bench()
        bench.round(1, 0)
        for number in 0..<1_000 { bench.permit(Bench.entry("order-\(number)", day: 1)) }
        bench.isPermitting = false
        let before = bench.summary()["digest"]
        try bench.ledger.limitPages(to: 1)
        var filled: JSON?
        var accepted = 0
        while filled == nil, accepted < 1000 {
            let reply = bench.ask(.submit, Bench.entry("order-\(accepted)", day: 1))
            if reply["error"] == nil { accepted += 1 } else { filled = reply }
        }
        let full = bench.summary()

        try bench.ledger.limitPages(to: 1_000_000)
        let again = bench.ask(.submit, Bench.entry("order-\(accepted)", day: 1))

        #expect(filled?.errorCode == .notRecorded)
        #expect(filled?["error"]?["message"]?.stringValue?.contains("disk is full") == true)
        #expect(full["orders"]?.intValue == accepted)
        #expect(again["result"] == ["state": "accepted"])
        #expect(bench.summary()["digest"] != before)
        let live = bench.service.currentExchange
        try bench.rebuild()
        #expect(bench.service.currentExchange == live)
    }

    @Test("a change whose answer was lost after the commit is found and counts")
    func lostAnswer() throws {
        let bench = try Bench()
        bench.ledger.interfere = { if $0 == .afterCommit { throw Broken() } }
        try bench.rebuild()
        bench.round(1, 0)

        let submitted = bench.ask(.submit, Bench.entry("a", day: 1))
        let halted = bench.ask(.halt, ["reason": "x", "state": "reducing"])
        let settled = bench.settle(2)

        #expect(submitted["result"]?["state"] == "accepted")
        #expect(halted["result"] != nil)
        #expect(settled["result"] != nil)
        let live = bench.service.currentExchange
        bench.ledger.interfere = { _ in }
        try bench.rebuild()
        #expect(bench.service.currentExchange == live)
    }

    @Test("a failure that cannot be read back is unknown, and asking again settles it")
    func unknownOutcome() throws {
        let bench = try Bench()
        bench.permit(Bench.entry("a", day: 1))
        bench.isPermitting = false
        bench.ledger.interfere = { if $0 != .beforeCommit { throw Broken() } }
        try bench.rebuild()
        bench.round(1, 0)

        let order = bench.ask(.submit, Bench.entry("a", day: 1))
        let settled = bench.settle(2)
        bench.ledger.interfere = { _ in }
        try bench.rebuild()
        bench.round(2, 0)
        let again = bench.ask(.submit, Bench.entry("a", day: 1))

        #expect(order.errorCode == .outcomeUnknown)
        #expect(settled.errorCode == .outcomeUnknown)
        #expect(again["result"]?["state"] == "accepted")
        #expect(bench.summary()["orders"] == 1)
    }
}
