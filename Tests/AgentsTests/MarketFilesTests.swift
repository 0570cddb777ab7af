// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import TestSupport
import Testing

@testable import Agents

@Suite("Market files", .scratchFolder)
struct MarketFilesTests {
    /// An archive in the test's folder, and the market that goes in.
    static func archive(_ sessions: Int) throws -> (MarketArchive, [[Bar]]) {
        let feed = try Sample.simulated(["AAA", "BBB"], sessions: sessions)
        var archive = MarketArchive(
            folder: Folder(try ScratchFolder.path).folder("market"),
            sealedYears: 1,
            recentBars: 3
        )
        try archive.restart()
        return (archive, feed.instants.map { feed.bars(at: $0).compactMap(\.acceptedBar) })
    }

    static func files(_ view: String) throws -> MarketFiles {
        MarketFiles(folder: Folder(try ScratchFolder.path).folder("market").folder(view))
    }

    static func close(_ bars: [Bar]) throws -> Instant {
        Instant(try #require(bars.first).time.date, secondOfDay: 75_600)
    }

    static func whole(_ bars: some Sequence<[Bar]>) -> [BarSeries] {
        let all = bars.flatMap { $0 }
        return Set(all.map(\.symbol)).sorted().map { symbol in
            BarSeries(symbol: symbol, bars: all.filter { $0.symbol == symbol })
        }
    }

    @Test("before anything is published there are no series")
    func empty() throws {
        var (archive, bars) = try Self.archive(2)
        let files = try Self.files("research")

        try archive.publish(at: try Self.close(bars[0]))

        #expect(try files.history().isEmpty)
        #expect(try files.recent().isEmpty)
    }

    @Test("a reader that follows along sees what one that begins now would")
    func grows() throws {
        var (archive, bars) = try Self.archive(40)
        let follower = try Self.files("full")

        for (index, instant) in bars.enumerated() {
            let time = try Self.close(instant)
            archive.record(instant)
            try archive.publish(at: time)
            follower.advance(to: time)

            #expect(try follower.history() == Self.whole(bars[...index]))
        }

        #expect(try Self.files("full").history() == follower.history())
    }

    @Test("reading twice in one instant gives the same")
    func twice() throws {
        var (archive, bars) = try Self.archive(5)
        let files = try Self.files("full")
        bars.forEach { archive.record($0) }
        try archive.publish(at: try Self.close(bars[4]))

        let first = try files.history()

        #expect(try files.history() == first)
        #expect(first == Self.whole(bars))
    }

    @Test("a desk that begins anew is read anew, in each view", arguments: ["full", "research"])
    func restarts(view: String) throws {
        var (archive, bars) = try Self.archive(400)
        let files = try Self.files(view)
        bars.forEach { archive.record($0) }
        let late = try Self.close(bars[399])
        try archive.publish(at: late)
        files.advance(to: late)
        let long = try files.history()

        try archive.restart()
        bars[..<300].forEach { archive.record($0) }
        let early = try Self.close(bars[299])
        try archive.publish(at: early)
        files.advance(to: early)
        let short = try files.history()

        let known = try bars[..<300].filter { try Self.isOpen($0, view, early) }
        #expect(long != short)
        #expect(short == Self.whole(known))
    }

    static func isOpen(_ bars: [Bar], _ view: String, _ now: Instant) throws -> Bool {
        try view == "full" || #require(bars.first).time.date <= now.date.adding(years: -1)
    }

    @Test("the last bars are those of each symbol, replaced as time goes on")
    func recent() throws {
        var (archive, bars) = try Self.archive(6)
        let files = try Self.files("research")

        bars[..<2].forEach { archive.record($0) }
        try archive.publish(at: try Self.close(bars[1]))
        let two = try files.recent()
        bars[2...].forEach { archive.record($0) }
        try archive.publish(at: try Self.close(bars[5]))
        let last = try files.recent()

        #expect(two == Self.whole(bars[..<2]))
        #expect(last == Self.whole(bars[3...]))
        #expect(try files.recent() == last)
    }

    @Test("a view that is no file of bars is an error")
    func malformed() throws {
        let folder = Folder(try ScratchFolder.path)
        try folder.replace("history.csv", with: Array("nonsense\n1\n".utf8))
        try folder.replace("latest_data.parquet", with: Array("nonsense\n1\n".utf8))
        let files = MarketFiles(folder: folder)

        #expect(throws: QuantError.self) { try files.history() }
        #expect(throws: QuantError.self) { try files.recent() }
    }

    @Test("settlement prices and limits reach the history, however it is followed")
    func days() throws {
        var (archive, bars) = try Self.archive(12)
        let told = bars.map { bars in
            bars.map { bar in
                var bar = bar
                bar.day = DayPrices(settlement: bar.low, limitUp: bar.high)
                return bar
            }
        }
        let follower = try Self.files("full")

        for (index, instant) in told.enumerated() {
            archive.record(instant)
            try archive.publish(at: try Self.close(instant))
            follower.advance(to: try Self.close(instant))
            #expect(try follower.history() == Self.whole(told.prefix(index + 1)))
        }

        #expect(try Self.files("full").history() == Self.whole(told))
    }
}
