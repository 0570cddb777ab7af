// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// When the schedules of a running desk's agents fire.
///
/// Intervals are counted by the steady clock, so that a change of the time of day neither adds nor
/// drops a fire. Times of day follow the wall clock: a fire that was missed while the computer
/// slept comes once, a clock that is set back a little repeats nothing, and one that is set back
/// far is a correction from which schedules go on.
struct LiveClock {
    /// One schedule of one agent.
    private struct Timer {
        let agent: AgentName
        let schedule: Schedule
        /// The fire before the next, in desk time.
        var last: Instant
        /// The next fire of an interval, in steady time.
        var due: MonotonicInstant?
        /// The same in desk time.
        var planned: Instant?
    }

    /// Fires of one schedule that came much later than planned, or never.
    struct MissedFires: Equatable {
        let agent: AgentName
        let schedule: Schedule
        /// How many, up to ``LiveClock/mostCounted``.
        let fires: Int
        /// How many turns they start.
        let runs: Int
    }

    private let wall: any WallClock
    private let steady: any MonotonicClock
    private var timers: [Timer] = []
    private var missed: [MissedFires] = []

    /// A clock that is set back further than this was wrong before.
    private static let correction: Int64 = 3 * 3600
    /// The clocks run apart by less than this between two fires, unless somebody sets one.
    private static let apart: Int64 = 1_000_000_000
    /// A fire that comes later than this was missed.
    private static let lateness: Int64 = 60
    /// Missed fires are counted so far, since a schedule may have had any number.
    static let mostCounted = 1000

    init(wall: any WallClock, steady: any MonotonicClock) {
        self.wall = wall
        self.steady = steady
    }

    /// Adds an agent's schedules.
    /// - Parameters:
    ///   - agent: The agent.
    ///   - last: Desk time of its last turn, which took in every fire up to then; nil to begin now.
    mutating func add(_ agent: AgentConfiguration, since last: Instant?) {
        let now = wall.now()
        for schedule in agent.triggers.schedules where !schedule.isBar && !schedule.isAtStart {
            let before = min(last ?? now, now)
            let isSkipped = agent.triggers.missed == .skip
            let since = isSkipped ? now : before
            if isSkipped { note(schedule, of: agent.name, after: before, through: now, runs: 0) }
            timers.append(Timer(agent: agent.name, schedule: schedule, last: since, due: nil))
            plan(timers.count - 1)
        }
    }

    /// The fires that have come due, each schedule at most once.
    mutating func fires() -> [(agent: AgentName, trigger: FiredTrigger)] {
        let now = wall.now()
        var fires: [(AgentName, FiredTrigger)] = []
        for index in timers.indices {
            let before = timers[index].last
            guard let time = fire(index, at: now) else { continue }
            let (agent, schedule) = (timers[index].agent, timers[index].schedule)
            note(schedule, of: agent, after: before, through: time, runs: 1)
            let trigger = TurnTrigger.schedule(schedule.kind, time)
            fires.append((agent, FiredTrigger(trigger: trigger, time: time)))
        }
        return fires
    }

    /// The fires that turned out to be missed since the last call.
    mutating func takeMissed() -> [MissedFires] {
        defer { missed = [] }
        return missed
    }

    /// Counts the fires of a schedule that have come due, if the first of them is late.
    private mutating func note(
        _ schedule: Schedule,
        of agent: AgentName,
        after start: Instant,
        through end: Instant,
        runs: Int
    ) {
        guard var time = schedule.next(after: start), time <= end,
            time.adding(seconds: Self.lateness) < wall.now()
        else { return }
        var fires = 1
        while fires < Self.mostCounted, let next = schedule.next(after: time), next <= end {
            fires += 1
            time = next
        }
        missed.append(MissedFires(agent: agent, schedule: schedule, fires: fires, runs: runs))
    }

    /// The steady moment of the next fire as the clocks stand now.
    var nextFire: MonotonicInstant? {
        let (now, moment) = (wall.now(), steady.now())
        return timers.compactMap { timer -> MonotonicInstant? in
            if let due = timer.due { return due }
            guard let next = timer.schedule.next(after: timer.last) else { return nil }
            let left = max(0, next.nanosecondsSinceEpoch - now.nanosecondsSinceEpoch)
            return moment.advanced(by: .nanoseconds(left))
        }
        .min()
    }

    private mutating func fire(_ index: Int, at now: Instant) -> Instant? {
        if let due = timers[index].due {
            guard due <= steady.now() else { return nil }
            let time = moment(of: timers[index], at: now)
            // Not the later of the two: a clock that was set back goes on from its present.
            timers[index].last = time
            plan(index)
            return time
        }
        if now.adding(seconds: Self.correction) < timers[index].last { timers[index].last = now }
        let schedule = timers[index].schedule
        guard let time = schedule.latest(after: timers[index].last, through: now) else {
            return nil
        }
        timers[index].last = time
        return time
    }

    /// Where in desk time an interval fires: at the newest multiple of its span.
    ///
    /// A little before it, since the clocks run apart, it is the multiple that is to come: else it
    /// would fire again in a moment. On a clock that was set back it fires at its present.
    private func moment(of timer: Timer, at now: Instant) -> Instant {
        guard let planned = timer.planned else { return now }
        if planned <= now { return timer.schedule.latest(after: timer.last, through: now) ?? now }
        let early = planned.nanosecondsSinceEpoch - now.nanosecondsSinceEpoch
        return early <= Self.apart ? planned : now
    }

    /// Sets the next fire of an interval, on the grid that starts in 1970, so that starting a desk
    /// again does not shift it.
    private mutating func plan(_ index: Int) {
        guard case .interval = timers[index].schedule else { return }
        let now = wall.now()
        let next = timers[index].schedule.next(after: timers[index].last) ?? now
        let left = max(0, next.nanosecondsSinceEpoch - now.nanosecondsSinceEpoch)
        timers[index].planned = next
        timers[index].due = steady.now().advanced(by: .nanoseconds(left))
    }
}
