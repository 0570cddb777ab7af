// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import HTTP
import Logging
import MCP
import Processes
import Supervisor
import Synchronization

/// Tells people of what happens on a live desk, beside the desk's loop.
///
/// Each alert has a task of its own, so that one that nobody hears keeps no other waiting.
final class AlertSender: Sendable {
    private let wall: any WallClock
    private let clock: SystemClock
    /// Cancelled by ``close()``.
    private let tasks = Mutex<[Task<Void, Never>]>([])

    /// How often the events are looked at.
    private static let glance: Duration = .milliseconds(500)
    /// How long one message may take.
    private static let patience: Duration = .seconds(30)

    init(clock: SystemClock, wall: any WallClock) {
        self.clock = clock
        self.wall = wall
    }

    /// Begins to tell, or goes on for a desk that is opened anew.
    /// - Parameters:
    ///   - desk: The desk.
    ///   - connectors: The desk's connectors.
    ///   - number: The number of the newest event; a new alert tells of later ones.
    ///   - logger: Where it is told that somebody did not hear.
    ///   - unusable: What to do about an alert whose secret is missing or is none.
    /// - Throws: What `unusable` throws.
    func open(
        _ desk: OpenDesk,
        _ connectors: ConnectorPool?,
        after number: Int,
        logger: Logger,
        unusable: (any Error) throws -> Void
    ) throws {
        close()
        let alerts = desk.configuration.alerts
        guard !alerts.isEmpty else { return }
        let clock = clock
        let http = try HTTPClient(
            wall: wall,
            now: { .nanoseconds(clock.now().nanoseconds) }
        )
        var ways: [(AlertConfiguration, @Sendable (AlertMessage) async throws -> Void)] = []
        for alert in alerts {
            switch alert.way {
            case .webhook(let url, _):
                do {
                    ways.append((alert, webhook(url, try Self.secret(of: alert, desk), http)))
                } catch {
                    try unusable(error)
                }
            case .tool(let name, let tool, let arguments):
                guard let connectors else { continue }
                let template = ArgumentTemplate(arguments)
                ways.append((alert, call(connectors, name, tool, template)))
            }
        }
        let started = ways.map { alert, send in
            begin(
                AlertTeller(
                    alert,
                    of: desk.folder,
                    called: desk.configuration.name,
                    after: number,
                    wall: wall,
                    logger: logger,
                    send: send
                ),
                http
            )
        }
        tasks.withLock { $0 = started }
    }

    /// Ends it; what was not told is told when the desk is up again.
    func close() {
        let old = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in old { task.cancel() }
        // What it waits for throws nothing.
        try? Waiting.run {
            for task in old { await task.value }
        }
    }

    private func begin(_ teller: sending AlertTeller, _ http: HTTPClient) -> Task<Void, Never> {
        Task {
            var teller = teller
            while !Task.isCancelled {
                await teller.step()
                await http.pause(for: Self.glance)
            }
        }
    }

    /// Reads the secrets of all alerts, which a desk that is to come up must have.
    /// - Throws: A ``Failure`` when one is missing or is none.
    static func requireSecrets(of desk: OpenDesk) throws {
        for alert in desk.configuration.alerts { _ = try secret(of: alert, desk) }
    }

    /// What an alert signs its messages with; nil when it signs none.
    private static func secret(
        of alert: AlertConfiguration,
        _ desk: OpenDesk
    ) throws -> WebhookSecret? {
        guard case .webhook(_, let source?) = alert.way else { return nil }
        let text = try RouteSecrets.read(source, in: desk.folder.root) ?? ""
        guard let secret = WebhookSecret(text, style: .standard) else {
            throw Failure(
                "alerts.\(alert.name).secret: \(source) holds no secret; expected 'whsec_' and"
                    + " base64 of 24 to 64 bytes",
                .badData
            )
        }
        return secret
    }

    private func webhook(
        _ url: String,
        _ secret: WebhookSecret?,
        _ http: HTTPClient
    ) -> @Sendable (AlertMessage) async throws -> Void {
        let wall = wall
        return { message in
            let headers = message.headers(at: wall.now(), signedBy: secret)
            let request = HTTPRequest(
                "POST",
                url,
                headers: headers.map { HTTPHeader($0.name, $0.value) },
                body: message.body,
                limits: HTTPLimits(total: Self.patience, bodyBytes: 64 << 10),
                allowsPlainText: true
            )
            let reply = try await http.open(request)
            let status = reply.head.status
            guard (200..<300).contains(status) else {
                throw Failure("the server answered \(status)", .unavailable)
            }
        }
    }

    private func call(
        _ connectors: ConnectorPool,
        _ name: String,
        _ tool: String,
        _ template: ArgumentTemplate
    ) -> @Sendable (AlertMessage) async throws -> Void {
        { message in
            let result = try await connectors.call(
                forDesk: name,
                tool,
                template.filled(message.values),
                limits: CallLimits(idle: Self.patience, total: Self.patience)
            )
            guard !result.isError else {
                throw Failure("the tool \(tool) failed: \(result.text.prefix(200))", .unavailable)
            }
        }
    }
}
