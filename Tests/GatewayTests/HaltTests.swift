// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Testing
import Trading

@Suite("Kill switch")
struct HaltTests {
    private struct FullDisk: Error {}

    /// A bench with two open lots at day 2.
    private func holding(now: (() -> Instant)? = nil) throws -> Bench {
        let bench = try Bench(hasLatch: true, now: now)
        bench.round(1, 0)
        for (id, instrument) in [("a", "AAA"), ("b", "BBB")] {
            _ = bench.ask(.submit, Bench.entry(id, day: 1, instrument: instrument, hold: 90))
        }
        bench.settle(2)
        bench.round(2, 1)
        return bench
    }

    private func lots(_ bench: Bench) -> Int {
        bench.ask(.readAccount)["result"]?["lots"]?.arrayValue?.count ?? -1
    }

    private func submit(_ bench: Bench, _ id: String, day: Int = 2) -> String? {
        let reply = bench.ask(.submit, Bench.entry(id, day: day, instrument: "CCC"))["result"]
        return reply?["reason"]?.stringValue ?? reply?["state"]?.stringValue
    }

    private func ask(_ bench: Bench, _ kind: HaltRequest.Kind, flatten: Bool = false) throws {
        _ = try bench.latch?.post(kind, flatten: flatten, reason: "the feed looks wrong")
        bench.service.heedHalt()
    }

    @Test("a halt refuses entries and exits in the same round, and keeps what is held")
    func halt() throws {
        let bench = try holding()
        let lot = bench.ask(.readAccount)["result"]?["lots"]?.arrayValue?.first ?? .null

        try ask(bench, .halt)

        #expect(submit(bench, "c") == "state: the desk is halted")
        #expect(
            bench.ask(.submit, Bench.exit(of: lot, id: "x", day: 2))["result"]?["reason"]
                == "state: the desk is halted"
        )
        #expect(lots(bench) == 2)
        #expect(bench.ask(.readAccount)["result"]?["state"] == "halted")
        #expect(try bench.latch?.state().reason == "the feed looks wrong")
    }

    @Test("a halt stays through restarts until a person resumes, and then holds for a round more")
    func resume() throws {
        let bench = try holding()
        try ask(bench, .halt)
        try bench.reopen()
        bench.round(2, 2)
        let restarted = submit(bench, "c")
        _ = bench.ask(.resume, ["reason": "the supervisor may not"])
        bench.round(2, 3)
        let bySupervisor = submit(bench, "d")

        try ask(bench, .resume)
        bench.round(2, 9)

        #expect(restarted == "halted")
        #expect(bySupervisor?.contains("halted") == true)
        #expect(submit(bench, "e") == "accepted")
        #expect(try bench.latch?.state().isHalted == false)
    }

    @Test("a flattening halt closes everything at once, at the last price less slippage")
    func flatten() throws {
        let bench = try holding()

        try ask(bench, .halt, flatten: true)

        let state = try bench.latch?.state()
        #expect(lots(bench) == 0)
        #expect(state?.isDone == true)
        #expect(state?.lots == 0)
        #expect(bench.summary()["fills"] == 4)
        #expect(
            bench.ask(.beginRound, ["time": .string(Bench.day(2)), "round": 5])["result"] != nil
        )
        #expect(bench.settle(3)["result"]?["fills"] == 0)
    }

    @Test("a halt that stands can still be told to close everything, later and after a session")
    func flattenLater() throws {
        let bench = try holding()
        try ask(bench, .halt)
        bench.settle(3)
        bench.settle(4)

        try ask(bench, .halt, flatten: true)

        #expect(bench.summary()["trades"] == 2)
        #expect(try bench.latch?.state().lots == 0)
    }

    @Test("entries that wait are not filled after a halt")
    func waiting() throws {
        let bench = try holding()
        _ = submit(bench, "c")

        try ask(bench, .halt)
        bench.settle(3)

        let events = bench.ask(.readEvents, ["after": 2])["result"]?["events"]?.arrayValue
        #expect(events?.first?["reason"] == "halted")
        #expect(lots(bench) == 2)
    }

    @Test("a request that was made while no gateway ran is heeded before anything else")
    func asleep() throws {
        let bench = try holding()
        _ = try bench.latch?.post(.halt, flatten: true, reason: "at night")

        try bench.reopen()

        #expect(bench.service.halt.isHalted)
        #expect(bench.summary()["trades"] == 2)
        #expect(try bench.latch?.state().lots == 0)
    }

    @Test("the file now halts, and the desk resumes only when it is gone")
    func nowFile() throws {
        let bench = try holding()
        let latch = try #require(bench.latch)
        try latch.folder.append(Array("the roof\nis on fire".utf8), to: HaltLatch.nowName)

        bench.service.heedHalt()
        let halted = try latch.state()
        try ask(bench, .resume)
        let still = bench.service.halt.isHalted
        try latch.folder.removeFile(HaltLatch.nowName)
        try ask(bench, .resume)

        #expect(halted.source == .file)
        #expect(halted.reason == "the roof is on fire")
        #expect(still)
        #expect(!bench.service.halt.isHalted)
    }

    @Test("the risk agent's halt latches on a live desk and stays in desk time in a replay")
    func agent() throws {
        let live = try holding(now: { Instant(secondsSinceEpoch: 946_684_800 + 2 * 86_400) })
        let replay = try holding()

        for bench in [live, replay] { _ = bench.ask(.halt, ["reason": "drawdown"], as: .risk) }

        #expect(try live.latch?.state().source == .agent)
        #expect(submit(live, "c") == "state: the desk is halted")
        #expect(try replay.latch?.state().isHalted == false)
        #expect(submit(replay, "c") == "accepted")
    }

    // MARK: Failure

    @Test("a full disk does not keep everything from being closed, and the ledger catches up")
    func fullDisk() throws {
        let bench = try holding()
        try bench.ledger.limitPages(to: 1)
        for number in 0..<400 where submit(bench, "fill\(number)") != nil {}

        try ask(bench, .halt, flatten: true)
        let flat = lots(bench)
        let refused = bench.ask(.closeAll, ["reason": "x"], as: .risk)
        try bench.ledger.limitPages(to: 1_000_000)
        bench.service.payDebts()

        #expect(flat == 0)
        #expect(refused.errorCode == .notRecorded)
        #expect(try bench.latch?.state().isDone == true)
        #expect(!bench.service.hasUnfinishedBusiness)
        try bench.reopen()
        #expect(bench.service.currentExchange.book.account.lots.isEmpty)
    }

    @Test("a kill while the ledger could not be written loses nothing of the halt")
    func killedWithFullDisk() throws {
        let bench = try holding()
        let whole = try holding()
        try ask(whole, .halt, flatten: true)
        bench.ledger.interfere = { _ in throw FullDisk() }
        try bench.rebuild()
        bench.round(2, 1)

        try ask(bench, .halt, flatten: true)
        try bench.reopen()

        #expect(bench.service.currentExchange.book.account.lots.isEmpty)
        #expect(bench.summary() == whole.summary())
    }

    @Test("after a kill at every write of a halt, the desk ends as if there had been none")
    func killedAtEachWrite() throws {
        let whole = try holding()
        try ask(whole, .halt, flatten: true)

        for writes in 0..<4 {
            let bench = try holding()
            let stop = StopAfter(writes)
            bench.ledger.interfere = { moment in try stop.pass(moment) }
            try bench.rebuild()
            bench.round(2, 1)
            try ask(bench, .halt, flatten: true)

            try bench.reopen()

            #expect(bench.service.halt.isHalted)
            #expect(bench.summary() == whole.summary(), "killed after \(writes) writes")
        }
    }

    @Test("a latch cut off at any byte reads as the old state, the new one or damage")
    func tornLatch() throws {
        let bench = try holding()
        let latch = try #require(bench.latch)
        let before = try latch.folder.read("latch")
        try ask(bench, .halt, flatten: true)
        let after = try latch.folder.read("latch")
        var isHaltedFrom: Int?

        for cut in 0...before.count {
            let mixed = Array(after[..<cut] + before[cut...])
            try latch.folder.overwrite("latch", with: mixed)
            let (state, request) = (try latch.state(), try latch.request())
            // Once a byte has changed, nothing may read as a desk that trades.
            let isOld = mixed == before
            #expect(state.isHalted || request?.kind == .halt || isOld, "cut at \(cut)")
            if !isOld, isHaltedFrom == nil { isHaltedFrom = cut }
        }

        #expect(isHaltedFrom != nil)
    }

    @Test("a latch full of noise halts the desk, and a person can lift that")
    func damagedLatch() throws {
        let bench = try holding()
        let latch = try #require(bench.latch)
        let bytes = [UInt8](repeating: 0x5A, count: 8_192)
        try latch.folder.overwrite("latch", with: bytes)

        try bench.reopen()
        bench.round(2, 4)
        let halted = submit(bench, "c")
        try ask(bench, .resume)
        bench.round(2, 8)

        #expect(halted?.contains("halted") == true)
        #expect(submit(bench, "d") == "accepted")
    }
}

/// Fails the ledger once so many commits have gone through, as a kill in between would.
private final class StopAfter: @unchecked Sendable {
    // Called by one thread alone, that of the test.
    private var left: Int

    init(_ count: Int) { left = count }

    func pass(_ moment: Ledger.Moment) throws {
        guard moment == .afterCommit else {
            if left < 0 { throw CancellationError() }
            return
        }
        left -= 1
        if left < 0 { throw CancellationError() }
    }
}
