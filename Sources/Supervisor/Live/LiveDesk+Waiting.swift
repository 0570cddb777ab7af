// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Processes

/// The one place in which a live desk waits.
extension LiveDesk {
    /// Waits until something happens or something is due.
    func wait() throws -> [(LiveAgent, ChildEvent)] {
        let running = agents.filter { $0.process.child != nil }
        let deadline = nextMoment()
        let children = running.compactMap(\.process.child) + checks.map(\.child)
        var happened = try wait(for: children, until: deadline)
        if isCalm, happened.allSatisfy(\.isLine), !happened.isEmpty {
            // Beats of all agents come at the same moment; one look takes them all in.
            let moment = surroundings.clock.deadline(in: Self.breath)
            _ = try Pause.wait(
                until: moment,
                clock: surroundings.clock,
                wake: wakes.descriptor
            )
            happened += try wait(for: children, until: moment).filter { $0 != .timedOut }
        }
        guard !happened.isEmpty else {
            isRung = try Pause.wait(
                until: deadline,
                clock: surroundings.clock,
                wake: wakes.descriptor
            )
            return []
        }
        isRung = happened.contains(.interrupted)
        var ended: [(GoalCheck, ExitStatus)] = []
        let own = happened.compactMap { event -> (LiveAgent, ChildEvent)? in
            guard let index = event.child else { return nil }
            guard index >= running.count else { return (running[index], event) }
            if case .exited(_, let status) = event {
                ended.append((checks[index - running.count], status))
            }
            return nil
        }
        for (check, status) in ended { finish(check, .success(status)) }
        return own
    }

    private func wait(
        for children: [Child],
        until deadline: MonotonicInstant
    ) throws -> [ChildEvent] {
        try ChildGroup.wait(
            for: children,
            until: deadline,
            clock: surroundings.clock,
            wake: wakes.descriptor
        )
    }

    /// Whether nobody has anything to do, so that a moment more does not matter.
    ///
    /// A process that starts has: somebody may wait for its answer.
    var isCalm: Bool {
        stopsAt == nil && unpublishedSince == nil && checks.isEmpty
            && agents.allSatisfy {
                $0.isResting && !$0.isDue && !$0.indexIsOld && $0.process.startRequest == nil
            }
    }

    /// The next moment at which there is something to do even if nothing happens.
    private func nextMoment() -> MonotonicInstant {
        let now = surroundings.clock.now()
        var next = clock.nextFire ?? .distantFuture
        for agent in agents {
            switch agent.activity {
            case .resting: if let restartAt = agent.restartAt { next = min(next, restartAt) }
            case .running(_, let deadline): next = min(next, deadline)
            case .waiting(_, let moment): next = min(next, moment)
            case .finishing, .made: break
            }
        }
        for check in checks { next = min(next, check.deadline) }
        for agent in agents where agent.process.child != nil {
            if let watch = agent.watch { next = min(next, watch.nextCheck) }
        }
        if let trouble { next = min(next, trouble.tryAgainAt) }
        if let unpublishedSince {
            next = min(next, unpublishedSince.advanced(by: Self.longestUnpublished))
        }
        if let stopsAt { next = min(next, stopsAt) }
        // The time of day may be changed, and a feed may grow, without anybody telling us.
        return min(next, glanceAt > now ? glanceAt : now.advanced(by: Self.glance))
    }

    /// How long the desk waits for further beats once one has come.
    private static let breath: Duration = .milliseconds(5)
}

extension ChildEvent {
    fileprivate var isLine: Bool {
        if case .line = self { true } else { false }
    }

    /// The position of the child that it is about.
    fileprivate var child: Int? {
        switch self {
        case .line(let index, _), .closedOutput(let index), .exited(let index, _),
            .failed(let index, _):
            index
        case .interrupted, .timedOut: nil
        }
    }
}
