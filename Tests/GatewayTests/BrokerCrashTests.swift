// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Synchronization
import Testing
import Trading

@Suite("Gateway with a broker, killed at each write")
struct BrokerCrashTests {
    private struct Killed: Error {}

    /// Fails at one write, before or behind it, and at reading back.
    private final class Trap: Sendable {
        private let left: Mutex<Int>
        private let hasSprung = Mutex(false)

        init(at write: Int) {
            left = Mutex(write)
        }

        var isSprung: Bool { hasSprung.withLock { $0 } }

        func step(_ moment: Ledger.Moment) throws {
            guard case .afterCommit = moment else {
                if isSprung { throw Killed() }
                return
            }
            let isHere = left.withLock { left in
                left -= 1
                return left == 0
            }
            guard isHere else { return }
            hasSprung.withLock { $0 = true }
            throw Killed()
        }
    }

    /// A life: an entry, its stop, its exit, with the gateway started anew at one write.
    private func live(killedAt write: Int) throws -> (BrokerScene, wasKilled: Bool) {
        let trap = Trap(at: write)
        let scene = try BrokerScene()
        var wasKilled = false
        var wasRound = 1
        func reviveIfKilled() throws {
            guard trap.isSprung, !wasKilled else { return }
            wasKilled = true
            scene.bench.ledger.interfere = { _ in }
            try scene.bench.rebuild()
            scene.bench.round(wasRound, 0)
            scene.survey()
        }
        scene.bench.ledger.interfere = { try trap.step($0) }
        do { try scene.bench.rebuild() } catch { try reviveIfKilled() }
        scene.bench.round(1, 0)
        for _ in 0..<40 {
            scene.pass()
            try reviveIfKilled()
        }
        _ = scene.submit("a")
        try reviveIfKilled()
        _ = scene.submit("a")
        for _ in 0..<60 {
            scene.pass()
            try reviveIfKilled()
        }
        for day in 2...3 {
            wasRound = day
            scene.bench.settle(day)
            try reviveIfKilled()
            scene.bench.settle(day)
            scene.bench.round(day, 1)
        }
        _ = scene.bench.ask(.closeAll, ["reason": "over"], as: .risk)
        try reviveIfKilled()
        scene.bench.round(3, 2)
        _ = scene.bench.ask(.closeAll, ["reason": "over"], as: .risk)
        for _ in 0..<300 {
            scene.pass()
            try reviveIfKilled()
        }
        scene.bench.settle(4)
        try reviveIfKilled()
        scene.bench.settle(4)
        return (scene, wasKilled)
    }

    @Test("whichever write it dies at, a stop that never arrives closes the position soon and once")
    func lostStop() throws {
        var kills = 0
        for write in 1...10 {
            let trap = Trap(at: write)
            let scene = try BrokerScene()
            var wasKilled = false
            func reviveIfKilled() throws {
                guard trap.isSprung, !wasKilled else { return }
                wasKilled = true
                scene.bench.ledger.interfere = { _ in }
                try scene.bench.rebuild()
                scene.bench.round(1, 0)
                scene.survey()
            }
            scene.venue.losesStops = true
            scene.bench.ledger.interfere = { try trap.step($0) }
            do { try scene.bench.rebuild() } catch { try reviveIfKilled() }
            scene.bench.round(1, 0)
            for _ in 0..<40 {
                scene.pass()
                try reviveIfKilled()
            }
            _ = scene.submit("a")
            try reviveIfKilled()
            var bare = 0
            for _ in 0..<90 {
                scene.pass()
                bare += scene.venue.positions.isEmpty ? 0 : 1
                try reviveIfKilled()
            }
            kills += wasKilled ? 1 : 0

            #expect(bare <= 30, "killed at \(write)")
            #expect(scene.venue.positions.isEmpty, "killed at \(write)")
            #expect(scene.venue.fills.count <= 2, "killed at \(write)")
            #expect(scene.venue.taken.values.allSatisfy { $0 == 1 }, "killed at \(write)")
        }
        #expect(kills > 5)
    }

    @Test("whichever write it dies at, nothing is doubled, left open or booked twice")
    func everyWrite() throws {
        var kills = 0
        var unsent = 0
        for write in 1...24 {
            let (scene, wasKilled) = try live(killedAt: write)
            kills += wasKilled ? 1 : 0

            #expect(scene.venue.taken.values.allSatisfy { $0 == 1 }, "killed at \(write)")
            let entries = scene.venue.placed.filter(\.isEntry).count
            // Written down and not sent, it never is.
            #expect(entries <= 1, "killed at \(write)")
            unsent += 1 - entries
            #expect(scene.venue.positions.isEmpty, "killed at \(write)")
            #expect(scene.venue.protected == .zero, "killed at \(write)")
            #expect(scene.trades.count == entries, "killed at \(write)")
            #expect(!scene.bench.service.halt.isHalted, "killed at \(write)")
        }
        #expect(kills > 8)
        #expect(unsent == 1)
    }
}
