// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Synchronization
import TestSupport
import Testing

@testable import Supervisor

@Suite("What a start need not read again", .scratchFolder)
struct ToldHistoryTests {
    /// Reads as scripted strategies are read, and counts.
    private final class CountingStrategies: StrategyReader {
        let fingerprint: String
        private let count = Mutex(0)

        init(_ fingerprint: String = "scripted") {
            self.fingerprint = fingerprint
        }

        var readings: Int { count.withLock { $0 } }

        func read(_ strategy: JSON) -> StrategyReading {
            count.withLock { $0 += 1 }
            return ScriptedStrategies().read(strategy)
        }
    }

    /// How many strategies a start reads, and what it knows then.
    private func start(
        _ bench: Bench,
        _ reader: CountingStrategies = CountingStrategies()
    ) throws -> (readings: Int, book: TrialBook) {
        let keeper = TrialKeeper(try bench.open(), strategies: reader)
        try keeper.restore()
        return (reader.readings, keeper.book)
    }

    private func whole(_ bench: Bench) throws -> TrialBook {
        try TrialScan(of: bench.open().repository, TrialSource(bench.strategies)).book
    }

    /// Leaves neither the reference nor the file as they were, so that only the branches know.
    private func forget(_ bench: Bench, _ change: ([UInt8]) -> [UInt8]) async throws {
        try await bench.git.run("update-ref", "-d", TrialReference.name)
        let folder = try bench.open().folder.trials
        try folder.replace(TrialFile.name, with: change(folder.read(TrialFile.name)))
    }

    @Test("a start after a whole run reads no strategy, and one after a kill only what is new")
    func onlyNews() async throws {
        let bench = try await Bench.make("a", TrialTests.setting)
        try bench.run(through: 3)
        let folder = try bench.open().folder.trials
        let told = try folder.read(ToldHistory.name)
        let first = try start(bench)

        try bench.run(through: 4)
        let second = try start(bench)
        try folder.replace(ToldHistory.name, with: told)
        let third = try start(bench)

        #expect(first.readings == 0)
        #expect(first.book.count == 3)
        #expect(second.readings == 0)
        #expect(second.book == third.book)
        #expect(third.readings == 1)
        #expect(third.book.count == 4)
        #expect(try whole(bench).trials == third.book.trials)
    }

    @Test("what was read is remembered, and only so much of it")
    func remembered() {
        let reader = CountingStrategies()
        let source = TrialSource(reader)
        let most = TrialSource.memoryLimit
        for number in 0..<most { _ = source.read(["nothing": .int(Int64(number))]) }

        _ = source.read(["nothing": 0])
        let full = reader.readings
        _ = source.read(["nothing": .int(Int64(most))])
        _ = source.read(["nothing": 0])

        #expect(full == most)
        #expect(reader.readings == most + 2)
    }

    @Test("it is worth nothing beside another file, nor for who reads strategies in another way")
    func worthless() async throws {
        let bench = try await Bench.make("a", TrialTests.setting)
        try bench.run(through: 3)
        let before = try start(bench).book

        try await forget(bench) { Array($0.dropLast(10)) }
        #expect(try start(bench).book.trials == before.trials)
        try await forget(bench) { $0.map { _ in 0x0A } }
        #expect(try start(bench).book.trials == before.trials)
        try await forget(bench) { _ in [] }
        #expect(try start(bench).book.trials == before.trials)
        #expect(try start(bench).readings == 0)
        let other = try start(bench, CountingStrategies("another way"))

        #expect(other.readings > 0)
        #expect(other.book == before)
    }

    @Test("lines that others add to the file change nothing about what was read")
    func added() async throws {
        let bench = try await Bench.make("a", TrialTests.setting)
        try bench.run(through: 3)
        let desk = try bench.open()
        try TrialKeeper(desk, strategies: bench.strategies).restore()

        let trial = Trial(
            id: ContentHash(of: "elsewhere"),
            family: "custom",
            strategy: .null,
            place: .outside,
            origin: "mcp"
        )
        try desk.folder.trials.append(TrialLine.trial(trial).bytes + [0x0A], to: TrialFile.name)
        let next = try start(bench)

        #expect(next.readings == 0)
        #expect(next.book.count == 4)
    }

    @Test("what comes by a merge, a tag or a branch taken back is found as by reading all")
    func owner() async throws {
        let bench = try await Bench.make("a", TrialTests.setting)
        try bench.run(through: 3)
        let head = try await bench.head(of: "researcher")
        for agent in ["researcher", "backtester"] { try await bench.rewind(agent, by: 2) }
        try await bench.git.run("reflog", "expire", "--expire=now", "--all")
        try await forget(bench) { _ in [] }
        let less = try start(bench).book

        try await bench.git.run("tag", "-a", "-m", "kept", "kept", head)
        let tagged = try start(bench)
        try await bench.git.run("merge", "--quiet", "--no-edit", "agents/researcher")
        let merged = try start(bench)
        let all = try whole(bench)
        try bench.run(through: 4)

        #expect(less.count == 1)
        #expect(tagged.book.count == 3)
        #expect(tagged.book.trials == all.trials)
        #expect(merged.readings == 0)
        #expect(merged.book == tagged.book)
        #expect(try start(bench).book.trials == whole(bench).trials)
    }

    @Test("what could not be added to the file when it was said is added before it counts as told")
    func lost() async throws {
        let bench = try await Bench.make("a", TrialTests.setting)
        try bench.run(through: 3)
        let keeper = TrialKeeper(try bench.open(), strategies: bench.strategies)
        try keeper.restore()

        try await forget(bench) { _ in [] }
        keeper.tell()
        let whole = try start(bench)
        try await forget(bench) { _ in Array("not whole".utf8) }
        keeper.tell()
        let mended = try start(bench)

        #expect(whole.readings == 0)
        #expect(whole.book.count == 3)
        #expect(mended.readings > 0)
        #expect(mended.book.count == 3)
    }
}
