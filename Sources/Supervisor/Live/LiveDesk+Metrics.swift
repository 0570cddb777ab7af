// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Processes

/// What a live desk shows of itself.
extension LiveDesk {
    /// Brings the gauges up to date.
    func measure() {
        let up = surroundings.clock.now().seconds(since: upSince)
        let resident = Self.residentBytes
        let isDegraded =
            trouble != nil || gatewayTrouble != nil || agents.contains { $0.quarantine != nil }
        let states = agents.map { ($0.name, $0.state) }
        let mail = agents.map { ($0.name, $0.mailbox.count) }
        metrics.update { snapshot in
            snapshot.health = stopsAt != nil ? .stopping : isDegraded ? .degraded : .running
            snapshot.agentStates = Dictionary(states) { $1 }
            snapshot.mailWaiting = Dictionary(mail) { $1 }
            snapshot.triggersWaiting = taken.count
            snapshot.eventsDropped = events.droppedCount
            snapshot.upSeconds = up
            snapshot.residentBytes = resident
        }
    }

    /// Gives back now and then, while something happens, what was needed for a moment: libgit2
    /// would keep what it has unpacked, and the C library what is free.
    func giveBackMemory() {
        let now = surroundings.clock.now()
        guard hasSpentMemory, thriftAt <= now else { return }
        hasSpentMemory = false
        thriftAt = now.advanced(by: Self.thriftPause)
        reporting("forget what was read") { try desk.repository.releaseCaches() }
        Heap.giveBack()
    }

    private static let thriftPause: Duration = .seconds(10)

    private static var residentBytes: Int {
        // A kernel that does not tell leaves the figure at nothing.
        let text = try? Folder("/proc/self").read("statm", limitBytes: 4096)
        let words = String(decoding: text ?? [], as: UTF8.self).split(separator: " ")
        return words.dropFirst().first.flatMap { Int($0) }.map { $0 * 4096 } ?? 0
    }
}

extension LiveAgent {
    /// What it is doing, in a word.
    var state: String {
        guard quarantine == nil else { return "quarantined" }
        return switch activity {
        case .resting: restartAt == nil ? "resting" : "restarting"
        case .running: "running"
        case .waiting: "waiting"
        case .finishing, .made: "committing"
        }
    }
}
