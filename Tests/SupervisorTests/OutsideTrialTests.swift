// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import TestSupport
import Testing

@testable import Supervisor

@Suite("Trials that others leave for a desk", .scratchFolder)
struct OutsideTrialTests {
    private func trial(_ name: String, at seconds: Int64) -> Trial {
        Trial(
            id: ContentHash(of: name),
            family: "custom",
            strategy: .null,
            place: Trial.Place(time: Instant(secondsSinceEpoch: seconds), round: 0),
            origin: "mcp"
        )
    }

    @Test("they count from their moment on, without a word in the repository of a desk that runs")
    func left() async throws {
        let bench = try await Bench.make("a", TrialTests.setting)
        let desk = try bench.open()
        let lock = try DeskLock.take(desk.folder, purpose: "a desk that runs")
        let running = TrialKeeper(desk, strategies: bench.strategies)
        try running.load()
        let outside = TrialKeeper(desk, strategies: bench.strategies)

        try outside.add([trial("one", at: 1000), trial("one", at: 1000)])
        try running.takeIn()
        try outside.add([trial("two", at: 2000)])
        try running.takeIn()
        try running.takeIn()

        let before = running.book.excerpt(
            before: Trial.Place(time: Instant(secondsSinceEpoch: 1500), round: 0)
        )
        #expect(running.book.count == 2)
        #expect(before.trials.map(\.id) == [ContentHash(of: "one")])
        #expect(try desk.repository.reference(TrialReference.name) == nil)
        _ = consume lock
        try outside.add([])
        #expect(try desk.repository.reference(TrialReference.name) != nil)
    }

    @Test("a line that is not whole yet is taken in when it is")
    func torn() async throws {
        let bench = try await Bench.make("a", TrialTests.setting)
        let desk = try bench.open()
        let running = TrialKeeper(desk, strategies: bench.strategies)
        let bytes = TrialLine.trial(trial("one", at: 1000)).bytes + [0x0A]
        try desk.folder.trials.create()

        try desk.folder.trials.append(Array(bytes.prefix(20)), to: TrialFile.name)
        try running.takeIn()
        let early = running.book.count
        try desk.folder.trials.append(Array(bytes.dropFirst(20)), to: TrialFile.name)
        try running.takeIn()

        #expect(early == 0)
        #expect(running.book.count == 1)
    }
}
