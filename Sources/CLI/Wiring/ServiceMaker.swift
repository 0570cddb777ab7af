// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import HTTP
import MCP
import Models
import Processes
import Supervisor

/// Makes what agents may ask for in their turns: models with their keys, connectors, budgets.
enum ServiceMaker {
    /// The services of a desk; nil when no agent asks for anything.
    ///
    /// Unless it is strict, a model whose key is missing is left out.
    /// - Throws: A ``Failure`` when a key is missing, a `FileError` when it cannot be read, a
    ///   `DeskError` when what was spent is not known.
    static func make(
        _ desk: OpenDesk,
        source: AgentServices.Source,
        connectors: DeskConnectors,
        isDurable: Bool,
        isStrict: Bool = true
    ) throws -> AgentServices? {
        let agents = desk.configuration.agents
        let names = Set(agents.flatMap { [$0.model, $0.triggers.goal?.judge].compactMap(\.self) })
        guard !names.isEmpty || agents.contains(where: { !$0.connectors.isEmpty }) else {
            return nil
        }
        if case .tape = source { return try AgentServices(desk, source: .tape) }
        var models: [String: ModelClient] = [:]
        var secrets: [String] = []
        for model in desk.configuration.models where names.contains(model.name) {
            do {
                let (client, secret) = try client(model, in: desk.folder)
                models[model.name] = client
                if let secret { secrets.append(secret) }
            } catch  where !isStrict {
                // Calls of it are refused, and say so.
                continue
            }
        }
        return try AgentServices(
            desk,
            source: source,
            models: models,
            connectors: connectors.pool,
            spending: try SpendingKeeper(
                desk.folder,
                wall: SystemWallClock(),
                isDurable: isDurable
            ),
            secrets: secrets,
            isDurable: isDurable
        )
    }

    /// A client for a model, and the key that it uses.
    static func client(
        _ model: ModelConfiguration,
        in desk: DeskFolder
    ) throws -> (client: ModelClient, secret: String?) {
        let clock = SystemClock()
        let now: @Sendable () -> Duration = { .nanoseconds(clock.now().nanoseconds) }
        let secret = try model.credential.map { credential in
            guard let text = try RouteSecrets.read(credential.secret, in: desk.root),
                !text.isEmpty
            else {
                throw Failure("model \(model.name): \(credential.secret) holds no key", .badData)
            }
            return text
        }
        let client = ModelClient(
            model,
            secret: secret,
            http: try HTTPClient(wall: SystemWallClock(), now: now),
            wall: SystemWallClock(),
            now: now,
            seed: UInt64(bitPattern: clock.now().nanoseconds)
        )
        return (client, secret)
    }

    /// Ends what is served; calls that still run are given up.
    static func close(_ services: AgentServices?) {
        guard let services else { return }
        // Whatever a server does at its end, the desk's own end does not depend on it.
        _ = try? Waiting.run { await services.close() }
    }
}
