// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import TestSupport
import Testing

@Suite("Market archive", .scratchFolder)
struct MarketArchiveTests {
    static func feed(_ sessions: Int, from: String = "2000-01-03") throws -> SimulatedFeed {
        SimulatedFeed(
            seed: 3,
            symbols: [try Samples.symbol("BBB"), try Samples.symbol("AAA")],
            from: try #require(CalendarDate(from)),
            sessions: sessions
        )
    }

    static func bars(_ feed: SimulatedFeed, _ instant: Instant) -> [Bar] {
        feed.bars(at: instant).compactMap(\.acceptedBar)
    }

    static func folder(_ name: String = "market") throws -> Folder {
        Folder(try ScratchFolder.path).folder(name)
    }

    static func archive(
        _ name: String = "market",
        sealedYears: Int = 1,
        recentBars: Int = 4
    ) throws -> MarketArchive {
        var archive = MarketArchive(
            folder: try folder(name),
            sealedYears: sealedYears,
            recentBars: recentBars
        )
        try archive.restart()
        return archive
    }

    /// The bars of a file, oldest first within each symbol; none when it is absent.
    static func read(_ path: String, in name: String = "market") throws -> [BarSeries] {
        let folder = try folder(name)
        guard folder.contains(path) else { return [] }
        let bytes = try folder.read(path)
        guard path.hasSuffix(".parquet") else { return try BarCSV.parseStrictly(bytes) }
        return try BarParquet.parseStrictly(bytes)
    }

    @Test("the full view holds everything, the research view ends where the sealed years begin")
    func views() throws {
        let feed = try Self.feed(600)
        var archive = try Self.archive()

        for instant in feed.instants {
            archive.record(Self.bars(feed, instant))
            try archive.publish(at: instant)
        }

        let now = try #require(feed.instants.last)
        let seal = Instant(now.date.adding(years: -1))
        let research = feed.series.map { $0[0..<$0.firstIndex(after: seal)] }
        #expect(try Self.read("full/history.csv") == feed.series)
        #expect(try Self.read("research/history.csv") == research)
        #expect(research.allSatisfy { !$0.isEmpty && $0.count < 400 })
    }

    @Test("the bar of the day that lies the sealed years back is shown, the next is not")
    func sealEdge() throws {
        let feed = try Self.feed(4)
        var archive = try Self.archive(sealedYears: 2)
        for instant in feed.instants { archive.record(Self.bars(feed, instant)) }

        try archive.publish(at: Instant(try #require(CalendarDate("2002-01-02"))))
        let before = try Self.read("research/history.csv")
        try archive.publish(at: Instant(try #require(CalendarDate("2002-01-04"))))
        let after = try Self.read("research/history.csv")

        #expect(before.isEmpty)
        #expect(after.map(\.count) == [2, 2])
    }

    @Test("without sealed years the research view is the full one")
    func unsealed() throws {
        let feed = try Self.feed(10)
        var archive = try Self.archive(sealedYears: 0)
        for instant in feed.instants { archive.record(Self.bars(feed, instant)) }

        try archive.publish(at: try #require(feed.instants.last))

        let full = try Self.folder().read("full/history.csv")
        #expect(try Self.folder().read("research/history.csv") == full)
    }

    @Test(
        "the last bars of each symbol are shown, as many as asked for",
        arguments: [1, 2, 4, 100]
    )
    func recent(count: Int) throws {
        let feed = try Self.feed(30)
        var archive = try Self.archive(recentBars: count)

        for (index, instant) in feed.instants.enumerated() {
            archive.record(Self.bars(feed, instant))
            try archive.publish(at: instant)

            let known = index + 1
            let expected = feed.series.map { $0[max(0, known - count)..<known] }
            #expect(try Self.read("research/latest_data.parquet") == expected)
        }
    }

    @Test("before there are bars nothing is written")
    func nothing() throws {
        var archive = try Self.archive()
        let hashes = [archive.fullHash, archive.researchHash]

        try archive.publish(at: try Samples.instant("2000-01-03T21:00:00Z"))

        #expect(try Self.folder().folder("full").names().isEmpty)
        #expect(try Self.folder().folder("research").names().isEmpty)
        #expect([archive.fullHash, archive.researchHash] == hashes)
    }

    @Test("what is recorded is shown at the next publication and no sooner")
    func pending() throws {
        let feed = try Self.feed(2)
        var archive = try Self.archive()
        archive.record(Self.bars(feed, feed.instants[0]))
        try archive.publish(at: feed.instants[0])
        let hash = archive.fullHash

        archive.record(Self.bars(feed, feed.instants[1]))
        let before = try Self.read("full/history.csv").map(\.count)
        let same = archive.fullHash
        try archive.publish(at: feed.instants[1])

        #expect(before == [1, 1])
        #expect(same == hash)
        #expect(try Self.read("full/history.csv").map(\.count) == [2, 2])
        #expect(archive.fullHash != hash)
    }

    @Test("the full hash is that of the file, and both hashes change with every bar")
    func hashes() throws {
        let feed = try Self.feed(300)
        var archive = try Self.archive()
        var full: Set<ContentHash> = []
        var research: Set<ContentHash> = []

        for instant in feed.instants {
            archive.record(Self.bars(feed, instant))
            try archive.publish(at: instant)
            full.insert(archive.fullHash)
            research.insert(archive.researchHash)
        }

        let bytes = try Self.folder().read("full/history.csv")
        #expect(archive.fullHash == ContentHash(of: bytes))
        #expect(full.count == 300)
        #expect(research.count == 300)
    }

    @Test("publishing again changes neither bytes nor hashes")
    func again() throws {
        let feed = try Self.feed(400)
        var archive = try Self.archive()
        for instant in feed.instants { archive.record(Self.bars(feed, instant)) }
        let now = try #require(feed.instants.last)
        try archive.publish(at: now)
        let hashes = [archive.fullHash, archive.researchHash]
        let bytes = try Self.folder().read("research/history.csv")

        try archive.publish(at: now)

        #expect([archive.fullHash, archive.researchHash] == hashes)
        #expect(try Self.folder().read("research/history.csv") == bytes)
    }

    @Test("bars that were taken in before are not taken in again")
    func before() throws {
        let feed = try Self.feed(40)
        var archive = try Self.archive()
        for instant in feed.instants { archive.record(Self.bars(feed, instant)) }
        let now = try #require(feed.instants.last)
        try archive.publish(at: now)
        let hashes = [archive.fullHash, archive.researchHash]

        for instant in feed.instants { archive.record(Self.bars(feed, instant)) }
        try archive.publish(at: now)

        #expect([archive.fullHash, archive.researchHash] == hashes)
        #expect(try Self.read("full/history.csv").allSatisfy { $0.count == 40 })
    }

    @Test("recorded at once or step by step, the bytes and the hashes are the same")
    func atOnce() throws {
        // More sealed bars than are dropped at a time, so that this is crossed as well.
        let feed = try Self.feed(2400)
        var steps = try Self.archive("steps")
        var once = try Self.archive("once")

        for (index, instant) in feed.instants.enumerated() {
            steps.record(Self.bars(feed, instant))
            if index % 50 == 49 { try steps.publish(at: instant) }
            once.record(Self.bars(feed, instant))
        }
        try once.publish(at: try #require(feed.instants.last))

        for path in ["full/history.csv", "research/history.csv", "research/latest_data.parquet"] {
            let bytes = try Self.folder("steps").read(path)
            #expect(try Self.folder("once").read(path) == bytes, "\(path)")
        }
        #expect(steps.fullHash == once.fullHash)
        #expect(steps.researchHash == once.researchHash)
    }

    @Test("a restart forgets everything, and the same bars give the same again")
    func restart() throws {
        let feed = try Self.feed(400)
        var archive = try Self.archive()
        let now = try #require(feed.instants.last)
        let empty = [archive.fullHash, archive.researchHash]
        for instant in feed.instants { archive.record(Self.bars(feed, instant)) }
        try archive.publish(at: now)
        let hashes = [archive.fullHash, archive.researchHash]
        let bytes = try Self.folder().read("full/history.csv")

        try archive.restart()
        let cleared = [archive.fullHash, archive.researchHash]
        let names = try Self.folder().folder("full").names()
        for instant in feed.instants { archive.record(Self.bars(feed, instant)) }
        try archive.publish(at: now)

        #expect(cleared == empty)
        #expect(names.isEmpty)
        #expect([archive.fullHash, archive.researchHash] == hashes)
        #expect(try Self.folder().read("full/history.csv") == bytes)
    }

    @Test("a folder that cannot be written is an error")
    func unwritable() throws {
        let feed = try Self.feed(1)
        var archive = try Self.archive()
        archive.record(Self.bars(feed, feed.instants[0]))
        try Self.folder().removeAll()

        #expect(throws: FileError.self) { try archive.publish(at: feed.instants[0]) }
    }
}
