// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Endpoints
import Logging
import Supervisor

/// What a desk that is up does when its configuration becomes another.
extension LiveSession {
    /// Opens the connectors of a desk.
    func open(_ desk: OpenDesk, _ connectors: DeskConnectors, isFirst: Bool) throws {
        try goingOn(unless: isFirst, "the connectors of before stay") {
            try connectors.open(desk)
        }
    }

    /// Begins to tell people of what happens after the events so far.
    func open(
        _ desk: OpenDesk,
        _ alerts: AlertSender,
        _ connectors: DeskConnectors,
        after events: EventLog,
        _ logger: Logger,
        isFirst: Bool
    ) throws {
        try alerts.open(desk, connectors.pool, after: events.lastNumber, logger: logger) { error in
            try goingOn(unless: isFirst, "nobody is told by this alert") { throw error }
        }
    }

    /// Does what must work when a desk comes up.
    ///
    /// One that is up does not go down for what its new configuration lacks.
    private func goingOn(unless isFirst: Bool, _ loss: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            guard !isFirst else { throw error }
            console.note("\(error); \(loss)")
        }
    }

    /// The desk with its new configuration.
    func reopened(_ desk: OpenDesk) -> OpenDesk {
        // What main holds was found good. Should somebody have changed it again since, the desk
        // goes on as it was.
        let next = (try? OpenDesk.openCommitted(at: path, zones: SystemZones().database)) ?? desk
        do {
            try DroppedHoldings(next).requireGuarded { console.note($0) }
        } catch {
            // A desk that is up does not go down for what it has left out and still holds.
            console.note("\(error)")
        }
        return next
    }

    /// The endpoint of a desk, if it has one.
    func endpoint(
        of desk: OpenDesk,
        _ metrics: DeskMetrics,
        isFirst: Bool
    ) throws -> Endpoint? {
        var endpoint: Endpoint?
        try goingOn(unless: isFirst, "neither webhooks nor metrics are served") {
            endpoint = try HookEndpoint.start(desk, metrics: metrics, wall: wall)
        }
        return endpoint
    }
}
