// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Testing

@testable import Supervisor

@Suite("Watch over beats")
struct BeatWatchTests {
    func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(seconds * 1e9))
    }

    /// Watches a process that falls silent, checks when it is time, and gives the moment of death.
    func death(
        beats: [Double],
        announces: Bool = true,
        stoppedFrom: Double = .infinity,
        until end: Double = 60
    ) throws -> Double? {
        var watch = try #require(BeatWatch(every: .seconds(5), at: at(0)))
        var beats = beats[...]
        while true {
            let next = Double(watch.nextCheck.nanoseconds) / 1e9
            guard next <= end else { return nil }
            if let beat = beats.first, beat <= next {
                watch.beat(at: at(beat))
                beats.removeFirst()
                continue
            }
            let verdict = watch.check(at: at(next), announcesBeats: announces) {
                next >= stoppedFrom
            }
            if verdict != .alive { return next }
        }
    }

    @Test("zero turns the watch off")
    func off() {
        #expect(BeatWatch(every: .zero, at: at(0)) == nil)
    }

    @Test("a process that beats lives", arguments: [5.0, 4.2, 9.9])
    func alive(pace: Double) throws {
        let beats = (1..<100).map { Double($0) * pace }

        #expect(try death(beats: beats) == nil)
    }

    @Test("one that falls silent is dead two beats after its last sign", arguments: [0.0, 5, 12.3])
    func silent(last: Double) throws {
        let beats = [last / 2, last]

        #expect(try death(beats: beats) == last + 10)
    }

    @Test(
        "a stopped process is found within two beats, whenever it stops",
        arguments: [0.01, 2, 4.9]
    )
    func stopped(phase: Double) throws {
        let beats = [5.0, 10]

        let withBeats = try #require(try death(beats: beats, stoppedFrom: 10 + phase))
        let without = try #require(try death(beats: [], announces: false, stoppedFrom: 10 + phase))

        #expect(withBeats <= 10 + phase + 10)
        #expect(without <= 10 + phase + 10)
    }

    @Test("a process without beats that is not stopped lives")
    func quiet() throws {
        #expect(try death(beats: [], announces: false) == nil)
    }

    @Test("a short stop is forgiven")
    func shortStop() throws {
        var watch = try #require(BeatWatch(every: .seconds(5), at: at(0)))

        let verdicts = [true, false, true, false].enumerated().map { index, isStopped in
            watch.check(at: at(5 * Double(index + 1)), announcesBeats: false) { isStopped }
        }

        #expect(verdicts == Array(repeating: .alive, count: 4))
    }

    @Test("a supervisor that slept itself does not blame the agents", arguments: [true, false])
    func ownPause(announces: Bool) throws {
        var watch = try #require(BeatWatch(every: .seconds(5), at: at(0)))
        watch.beat(at: at(5))
        _ = watch.check(at: at(5), announcesBeats: announces) { false }

        let after = watch.check(at: at(65), announcesBeats: announces) { true }
        let next = watch.nextCheck
        let silent = watch.check(at: at(70), announcesBeats: announces) { true }

        #expect(after == .alive)
        #expect(next == at(70))
        #expect(silent != .alive)
    }

    @Test("processes that start at different moments are checked at the same one")
    func together() throws {
        let first = try #require(BeatWatch(every: .seconds(5), at: at(11)))
        let second = try #require(BeatWatch(every: .seconds(5), at: at(14.5)))

        #expect(first.nextCheck == at(15))
        #expect(second.nextCheck == at(15))
    }

    @Test("a check before its time changes nothing")
    func early() throws {
        var watch = try #require(BeatWatch(every: .seconds(5), at: at(0)))

        for tenth in 1..<50 {
            let verdict = watch.check(at: at(Double(tenth) / 10), announcesBeats: true) { true }
            #expect(verdict == .alive)
        }

        #expect(watch.nextCheck == at(5))
    }
}
