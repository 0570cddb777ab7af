// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Egress
import Processes
import Supervisor
import Synchronization

/// Opens the ways out of a live desk's agents, and tells the desk what went through them.
///
/// Its threads start with the first agent that names hosts. In a replay every request is refused:
/// what comes over a network is not the same the second time.
final class EgressDoors: EgressServer, Sendable {
    private struct Gathered {
        var events: [EgressEvent] = []
        var dropped = 0
    }

    private let isReplay: Bool
    private let tools: AgentToolbox?
    private let clock: SystemClock
    private let wall: SystemWallClock
    private let service = Mutex<EgressService?>(nil)
    private let gathered = Mutex(Gathered())

    /// The most events that wait until the desk's loop turns.
    private static let waitingLimit = 4096

    /// Prepares the ways out.
    /// - Parameters:
    ///   - isReplay: Whether everything is refused.
    ///   - clock: Steady time.
    ///   - wall: The time of day.
    ///   - tools: What answers agents that may call tools; nil for nothing.
    init(
        isReplay: Bool,
        clock: SystemClock,
        wall: SystemWallClock = SystemWallClock(),
        tools: AgentToolbox? = nil
    ) {
        self.tools = tools
        self.isReplay = isReplay
        self.clock = clock
        self.wall = wall
    }

    /// Begins to serve an agent's process on a listener out of its network.
    /// - Throws: An `EgressError` for a secret that is missing, a `FileError` for a file.
    func serve(
        _ listener: consuming Descriptor,
        for agent: AgentConfiguration,
        desk: DeskFolder
    ) throws -> any AnyObject & Sendable {
        let egress = agent.sandbox.egress
        let secrets = isReplay ? [:] : try RouteSecrets.read(egress.routes, in: desk.root)
        return try started().open(
            listener.release(),
            for: agent.name,
            egress,
            secrets: secrets,
            local: agent.hasTools ? try tools?.route(for: agent, of: desk) : nil
        )
    }

    /// Hands what has happened over to the desk's events; for the thread of the desk's loop.
    func tell(_ log: EventLog) {
        let taken = gathered.withLock { gathered in
            defer { gathered = Gathered() }
            return gathered
        }
        for event in taken.events {
            log.emit(
                event.isRefused
                    ? .networkRefused(event.agent, target: event.target, reason: event.outcome)
                    : .networkUsed(
                        event.agent,
                        target: event.target,
                        outcome: event.outcome,
                        sent: event.sentBytes,
                        received: event.receivedBytes
                    )
            )
        }
        if taken.dropped > 0 {
            log.emit(.eventsDropped(count: taken.dropped, reason: "too many network requests"))
        }
    }

    /// Ends the threads; every way out must have been let go of.
    func shutDown() {
        service.withLock { service in
            service?.shutDown()
            service = nil
        }
    }

    private func started() -> EgressService {
        service.withLock { service in
            if let service { return service }
            let clock = clock
            let made = EgressService(
                wall: wall,
                now: { .nanoseconds(clock.now().nanoseconds) },
                closedReason: isReplay ? "a replay has no network" : nil,
                tell: { [weak self] event in self?.note(event) }
            )
            service = made
            return made
        }
    }

    private func note(_ event: EgressEvent) {
        gathered.withLock { gathered in
            if gathered.events.count < Self.waitingLimit {
                gathered.events.append(event)
            } else {
                gathered.dropped += 1
            }
        }
    }
}
