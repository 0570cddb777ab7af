// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension ClientSession {
    /// What is known before the first word.
    package enum Beginning: Sendable {
        /// Nothing: the stateless revision is tried first.
        case ask
        /// The server only understands a handshake.
        case handshake
    }

    /// How long a server may take to say whether it knows the stateless revision.
    package static let discoverPatience: Duration = .seconds(10)

    /// Finds a revision that both sides speak.
    /// - Parameters:
    ///   - transport: The way to the server.
    ///   - inbox: Where what it tells on its own goes.
    ///   - beginning: What is known of the server.
    ///   - limits: How long calls may take.
    ///   - patience: How long the first question may wait for an answer.
    /// - Returns: The conversation, ready for calls.
    /// - Throws: `noRevision` when there is none in common.
    package static func open(
        over transport: any Transport,
        inbox: Inbox,
        beginning: Beginning = .ask,
        limits: CallLimits = CallLimits(),
        patience: Duration = discoverPatience
    ) async throws(MCPError) -> ClientSession {
        let opener = Opener(transport, inbox, limits, patience)
        switch beginning {
        case .handshake: return try await opener.initialize(.newestHandshake)
        case .ask: return try await opener.discover()
        }
    }
}

/// The first words of a conversation.
private struct Opener {
    let transport: any Transport
    let inbox: Inbox
    let limits: CallLimits
    let patience: Duration
    let numbers = ClientSession.Numbers()

    init(
        _ transport: any Transport,
        _ inbox: Inbox,
        _ limits: CallLimits,
        _ patience: Duration
    ) {
        self.transport = transport
        self.inbox = inbox
        self.limits = limits
        self.patience = patience
    }

    /// Asks in the stateless revision; whatever else a server answers means a handshake.
    func discover() async throws(MCPError) -> ClientSession {
        let revision = Revision.newestStateless
        let limits = CallLimits(
            idle: min(patience, limits.idle),
            total: min(patience, limits.total)
        )
        do throws(MCPError) {
            let result = try await call(
                "server/discover",
                JSON.object([]).addingMeta(ClientSession.statelessMeta(revision)),
                limits
            )
            let offered = (result["supportedVersions"]?.arrayValue ?? []).compactMap(\.stringValue)
            guard let chosen = Self.choose(from: offered) else {
                throw Self.noRevision(offered)
            }
            guard chosen.isStateless else { return try await initialize(chosen) }
            return session(chosen, result, identity: result["_meta"]?[MetaKey.server])
        } catch {
            switch error.code {
            case .refused where error.fault?.code == Fault.unsupportedVersion:
                return try await agree(on: error.fault?.supported ?? [])
            case .refused, .timedOut, .unreachable, .malformed, .sessionLost:
                return try await initialize(.newestHandshake)
            default: throw error
            }
        }
    }

    /// Takes one of the revisions that a server names when it refuses another one.
    private func agree(on offered: [String]) async throws(MCPError) -> ClientSession {
        guard let chosen = Self.choose(from: offered) else { throw Self.noRevision(offered) }
        guard chosen.isStateless else { return try await initialize(chosen) }
        return session(chosen, .object([]), identity: nil)
    }

    func initialize(
        _ wanted: Revision,
        isLast: Bool = false
    ) async throws(MCPError) -> ClientSession {
        let result: JSON
        do throws(MCPError) {
            result = try await call(
                "initialize",
                [
                    "protocolVersion": .string(wanted.rawValue), "capabilities": .object([]),
                    "clientInfo": ClientSession.identity,
                ],
                limits
            )
        } catch {
            guard let offered = error.fault?.supported, !offered.isEmpty, !isLast else {
                throw error
            }
            guard let chosen = Self.choose(from: offered) else { throw Self.noRevision(offered) }
            guard chosen.isStateless else { return try await initialize(chosen, isLast: true) }
            return session(chosen, .object([]), identity: nil)
        }
        let answered = result["protocolVersion"]?.stringValue ?? ""
        guard let revision = Revision(rawValue: answered), !revision.isStateless else {
            throw Self.noRevision([answered])
        }
        transport.settle(on: revision)
        try await transport.tell(
            .notice(method: "notifications/initialized", params: .object([]))
        )
        return session(revision, result, identity: result["serverInfo"])
    }

    private func call(
        _ method: String,
        _ params: JSON,
        _ limits: CallLimits
    ) async throws(MCPError) -> JSON {
        try await transport.call(
            OutgoingRequest(
                number: numbers.next(),
                method: method,
                params: params,
                limits: limits,
                onProgress: nil
            )
        )
    }

    private func session(_ revision: Revision, _ result: JSON, identity: JSON?) -> ClientSession {
        transport.settle(on: revision)
        return ClientSession(
            ClientSession.Peer(
                revision: revision,
                name: identity?["name"]?.stringValue ?? "",
                version: identity?["version"]?.stringValue ?? "",
                instructions: result["instructions"]?.stringValue,
                // A server that names none is taken to offer tools, its purpose here.
                capabilities: result["capabilities"] ?? ["tools": .object([])]
            ),
            transport: transport,
            inbox: inbox,
            limits: limits,
            numbers: numbers
        )
    }

    private static func choose(from offered: [String]) -> Revision? {
        offered.compactMap { Revision(rawValue: $0) }.max()
    }

    private static func noRevision(_ offered: [String]) -> MCPError {
        let known = Revision.allCases.map(\.rawValue).joined(separator: ", ")
        let names = offered.prefix(8).map { "'\($0.prefix(20))'" }.joined(separator: ", ")
        return MCPError(
            .noRevision,
            "open a conversation",
            "the server speaks \(names.isEmpty ? "no revision" : names), this client \(known)"
        )
    }
}
