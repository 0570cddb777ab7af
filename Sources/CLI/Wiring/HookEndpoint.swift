// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Endpoints
import Supervisor

/// The endpoint of a desk as its `orchestrator.yml` describes it.
enum HookEndpoint {
    /// Begins to listen; nil for a desk without an endpoint.
    /// - Throws: A `DeskError` for a file of secrets that cannot be used, an `EndpointError` when
    ///   the address cannot.
    static func start(
        _ desk: OpenDesk,
        metrics: DeskMetrics,
        wall: any WallClock
    ) throws -> Endpoint? {
        guard let listen = desk.configuration.endpoint else { return nil }
        var hooks: [AgentName: WebhookVerifier] = [:]
        for agent in desk.configuration.agents {
            guard let webhook = agent.triggers.webhook else { continue }
            hooks[agent.name] = try verifier(webhook, in: desk.folder.root)
        }
        return try Endpoint.start(
            EndpointConfiguration(address: try EndpointAddress("\(listen)"), hooks: hooks),
            spool: try TriggerSpool(desk.folder),
            metrics: metrics,
            wall: wall
        )
    }

    /// What tells whether a request for an agent is signed by somebody who may ask.
    /// - Throws: A `FileError` or a `DeskError` for a file of secrets that cannot be used.
    static func verifier(
        _ webhook: WebhookConfiguration,
        in folder: Folder
    ) throws -> WebhookVerifier {
        guard let path = webhook.secretFile else { return .unsigned }
        let file = path.hasPrefix("/") ? NamedFile(path) : NamedFile(folder.path(of: path))
        let text = String(decoding: try file.read(limitBytes: 1 << 16), as: UTF8.self)
        let secrets = try WebhookSecret.read(text, style: webhook.style, file: path)
        return WebhookVerifier(style: webhook.style, secrets: secrets)
    }
}
