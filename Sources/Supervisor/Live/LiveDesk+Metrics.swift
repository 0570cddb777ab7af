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
        // A kernel that does not tell leaves the figure at nothing.
        let resident = OwnMemory.residentBytes ?? 0
        tellHealth()
        let isDegraded =
            !health.troubles.isEmpty || agents.contains { $0.quarantine != nil }
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

    /// Tells other programs what does not work.
    private func tellHealth() {
        let now = surroundings.clock.now()
        if let trouble { noteTrouble(.storage, trouble.reason) }
        if let gatewayTrouble { noteTrouble(.gateway, gatewayTrouble.reason) }
        health.forget(at: now)
        let troubles = health.troubles
        guard troubles != toldTroubles else { return }
        reporting("tell what does not work") {
            try HealthFile(desk.folder).write(troubles)
            toldTroubles = troubles
        }
    }

    /// Takes note of what does not work, also if it works again before the next look.
    func noteTrouble(_ part: DeskHealth.Part, _ reason: String) {
        health.note(part, reason, at: Moment(wall: wall.now(), steady: surroundings.clock.now()))
    }

    /// Gives back now and then, while something happens, what was needed for a moment: libgit2
    /// would keep what it has unpacked, and the C library what is free.
    func giveBackMemory() {
        let now = surroundings.clock.now()
        guard hasSpentMemory, thriftAt.map({ $0 <= now }) ?? true else { return }
        hasSpentMemory = false
        thriftAt = now.advanced(by: Self.thriftPause)
        reporting("forget what was read") { try desk.repository.releaseCaches() }
        Heap.giveBack()
    }

    private static let thriftPause: Duration = .seconds(10)
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
