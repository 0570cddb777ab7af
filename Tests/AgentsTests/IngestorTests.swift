// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import TestSupport
import Testing

@testable import Agents

@Suite("Ingestor", .scratchFolder)
struct IngestorTests {
    static let header = "symbol,timestamp,open,high,low,close,volume"
    static let good = "AAA,2024-01-02,10,11,9,10.5,100"

    static func feed(_ rows: [String], timing: BarTiming = .daily) throws -> CSVFeed {
        let text = ([header] + rows).joined(separator: "\n") + "\n"
        return try CSVFeed(Array(text.utf8), rules: BarRules(timing: timing))
    }

    /// Takes the rows of every instant, one turn after another.
    static func run(_ feed: CSVFeed, symbols: [String] = ["AAA"]) throws -> [TurnOutput] {
        let ingestor = Ingestor(
            feed: feed,
            symbols: symbols,
            market: FixedMarket(),
            recentBars: 5
        )
        var state = StateFile()
        return try feed.instants.map { time in
            let output = try ingestor.turn(try Sample.input(time, state: state))
            try output.requireWellFormed()
            state = output.state
            return output
        }
    }

    @Test("a good row is said with its numbers, and the snapshot counts it")
    func accepts() throws {
        let outputs = try Self.run(try Self.feed([Self.good]))

        let body = try #require(outputs.first?.bodies(.bars).first)
        let bar = try #require(body["bars"]?.arrayValue?.first)
        #expect(body["time"]?.stringValue == "2024-01-02T21:00:00Z")
        #expect(bar["symbol"]?.stringValue == "AAA")
        #expect(bar["time"]?.stringValue == "2024-01-02T00:00:00Z")
        #expect(bar["close"]?.doubleValue == 10.5)
        #expect(body["refused"]?.arrayValue?.isEmpty == true)
        #expect(body["snapshot"]?["rows"]?.intValue == 1)
        #expect(outputs.first?.summary == "bars 2024-01-02: AAA 10.50")
    }

    @Test(
        "a bad row is refused by name and the good one beside it stays",
        arguments: [
            ("malformedRow", "AAA,2024-01-03,10"),
            ("malformedRow", "aaa,2024-01-03,10,11,9,10,1"),
            ("badTimestamp", "AAA,yesterday,10,11,9,10,1"),
            ("notANumber", "AAA,2024-01-03,ten,11,9,10,1"),
            ("notFinite", "AAA,2024-01-03,10,inf,9,10,1"),
            ("notPositive", "AAA,2024-01-03,0,11,0,10,1"),
            ("negativeVolume", "AAA,2024-01-03,10,11,9,10,-1"),
            ("highBelowLow", "AAA,2024-01-03,10,9,11,10,1"),
            ("priceOutsideRange", "AAA,2024-01-03,10,11,9,12,1"),
            ("duplicate", "AAA,2024-01-02,10,11,9,10,1"),
            ("outOfSession", "AAA,2024-01-06,10,11,9,10,1"),
        ]
    )
    func refuses(kind: String, row: String) throws {
        let outputs = try Self.run(try Self.feed([Self.good, row]))

        let refused = outputs.flatMap { $0.bodies(.bars) }
            .flatMap { $0["refused"]?.arrayValue ?? [] }
        #expect(refused.first?["kind"]?.stringValue == kind)
        #expect(refused.first?["reason"]?.stringValue?.isEmpty == false)
        #expect(outputs.last?.state["rows"]?.intValue == 1)
        #expect(outputs.last?.state["refused"]?.intValue == 1)
        #expect(outputs.last?.summary.contains("refused 1: \(kind)") == true)
    }

    @Test("a bar dated later than the two behind it is refused as one of the future")
    func refusesFuture() throws {
        let outputs = try Self.run(
            try Self.feed([
                Self.good, "AAA,2024-02-01,10,11,9,10,1", "AAA,2024-01-03,10,11,9,10,1",
                "AAA,2024-01-04,10,11,9,10,1",
            ])
        )

        let refused = outputs.flatMap { $0.bodies(.bars) }
            .flatMap { $0["refused"]?.arrayValue ?? [] }
        #expect(refused.first?["kind"]?.stringValue == "inTheFuture")
        #expect(outputs.last?.state["refused"]?.intValue == 1)
        #expect(outputs.last?.state["rows"]?.intValue == 3)
    }

    @Test("a bar behind the one before it is refused as out of order")
    func refusesOutOfOrder() throws {
        let outputs = try Self.run(
            try Self.feed([
                Self.good, "AAA,2024-01-01,10,11,9,10,1", "AAA,2024-01-03,10,11,9,10,1",
            ])
        )

        let refused = outputs.flatMap { $0.bodies(.bars) }
            .flatMap { $0["refused"]?.arrayValue ?? [] }
        #expect(refused.map { $0["kind"]?.stringValue } == ["outOfOrder"])
        #expect(outputs.last?.state["rows"]?.intValue == 2)
    }

    @Test("a gap is noted, and its bar is taken and not counted as refused")
    func notesGap() throws {
        let outputs = try Self.run(
            try Self.feed([Self.good, "AAA,2024-01-15,10,11,9,10,1"])
        )

        let body = try #require(outputs.last?.bodies(.bars).first)
        #expect(body["noted"]?.arrayValue?.first?["kind"]?.stringValue == "gap")
        #expect(body["bars"]?.arrayValue?.count == 1)
        #expect(outputs.last?.state["refused"]?.intValue == 0)
    }

    @Test("the chain depends on every number of every accepted bar")
    func chain() throws {
        let rows = ["AAA,2024-01-02,10,11,9,10.5,100", "AAA,2024-01-03,10,11,9,10.5,100"]
        let variants =
            [rows] + [
                ["AAA,2024-01-02,10.1,11,9,10.5,100", rows[1]],
                ["AAA,2024-01-02,10,11.1,9,10.5,100", rows[1]],
                [rows[0], "AAA,2024-01-03,10,11,9.1,10.5,100"],
                [rows[0], "AAA,2024-01-03,10,11,9,10.6,100"],
                [rows[0], "AAA,2024-01-03,10,11,9,10.5,101"],
                [rows[0], "AAA,2024-01-04,10,11,9,10.5,100"], [rows[0]],
            ]

        let chains = try variants.map { rows in
            try Self.run(try Self.feed(rows)).last?.state["chain"]?.stringValue
        }

        #expect(Set(chains).count == variants.count)
    }

    @Test("the chain does not depend on rows that were refused")
    func chainIgnoresRefused() throws {
        let clean = try Self.run(try Self.feed([Self.good]))
        let dirty = try Self.run(try Self.feed([Self.good, "AAA,2024-01-02,10,11,9,10,1"]))

        #expect(clean.last?.state["chain"] == dirty.last?.state["chain"])
    }

    @Test("other symbols are ignored, good rows and bad ones")
    func ignoresOthers() throws {
        let outputs = try Self.run(
            try Self.feed([
                Self.good, "BBB,2024-01-02,10,11,9,10.5,100", "BBB,2024-01-02,10,9,11,10,1",
            ])
        )

        let alone = try Self.run(try Self.feed([Self.good]))
        #expect(outputs.map(\.bytes) == alone.map(\.bytes))
    }

    @Test("the hash in the signal is that of the file others are shown", arguments: [1, 2, 5])
    func snapshotHash(recentBars: Int) throws {
        let feed = try Self.feed(
            (2...5).map { "AAA,2024-01-0\($0),10,11,9,10.\($0),100" }
                + (3...4).map { "BBB,2024-01-0\($0),20,21,19,20.\($0),100" }
        )
        var archive = MarketArchive(
            folder: Folder(try ScratchFolder.path),
            sealedYears: 1,
            recentBars: recentBars
        )
        try archive.restart()
        let files = MarketFiles(folder: Folder(try ScratchFolder.path).folder("research"))
        let ingestor = Ingestor(
            feed: feed,
            symbols: ["AAA", "BBB"],
            market: files,
            recentBars: recentBars
        )

        for time in feed.instants {
            let body = try #require(
                try ingestor.turn(try Sample.input(time)).bodies(.bars).first
            )
            archive.record(feed.bars(at: time).compactMap(\.acceptedBar))
            try archive.publish(at: time)
            let file = try Folder(try ScratchFolder.path).folder("research")
                .read("latest_data.parquet")

            #expect(body["snapshot"]?["file"]?.stringValue == "latest_data.parquet")
            #expect(
                body["snapshot"]?["hash"]?.stringValue == ContentHash(of: file).description
            )
        }
    }

    @Test("an instant without rows says that there are none")
    func nothing() throws {
        let ingestor = Ingestor(
            feed: try Self.feed([Self.good]),
            symbols: ["AAA"],
            market: FixedMarket(),
            recentBars: 5
        )

        let output = try ingestor.turn(try Sample.input(try Sample.close("2024-01-05")))

        #expect(output.bodies(.bars).first?["bars"]?.arrayValue?.isEmpty == true)
        #expect(output.summary == "bars: none at 2024-01-05T21:00:00Z")
    }

    @Test("the same input gives the same bytes")
    func deterministic() throws {
        let rows = [Self.good, "AAA,2024-01-03,10,11,9,12,1", "AAA,2024-01-04,10,11,9,10,1"]

        let first = try Self.run(try Self.feed(rows)).map(\.bytes)
        let second = try Self.run(try Self.feed(rows)).map(\.bytes)

        #expect(first == second)
    }

    @Test(
        "numbers for people have exactly the decimals asked for",
        arguments: [
            (1.0, 2, "1.00"), (1.005, 1, "1.0"), (-0.25, 2, "-0.25"), (99.96, 1, "100.0"),
            (97.4, 0, "97"), (1e300, 2, "1e+300"),
        ]
    )
    func rounding(value: Double, places: Int, text: String) {
        #expect(rounded(value, places) == text)
    }
}
