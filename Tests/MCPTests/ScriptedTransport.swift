// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Synchronization

/// A server in memory that answers as it is told.
final class ScriptedTransport: Transport {
    typealias Script = @Sendable (OutgoingRequest) throws(MCPError) -> JSON

    private struct State {
        var requests: [OutgoingRequest] = []
        var notices: [Message] = []
        var revision: Revision?
        var isClosed = false
    }

    private let state = Mutex(State())
    private let script: Script

    init(_ script: @escaping Script) {
        self.script = script
    }

    var requests: [OutgoingRequest] { state.withLock { $0.requests } }
    var methods: [String] { requests.map(\.method) }
    var notices: [Message] { state.withLock { $0.notices } }
    var revision: Revision? { state.withLock { $0.revision } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func call(_ request: OutgoingRequest) async throws(MCPError) -> JSON {
        state.withLock { $0.requests.append(request) }
        return try script(request)
    }

    func tell(_ message: Message) async throws(MCPError) {
        state.withLock { $0.notices.append(message) }
    }

    func settle(on revision: Revision) { state.withLock { $0.revision = revision } }

    func close() async { state.withLock { $0.isClosed = true } }

    /// The answer of a stateless server to its first question.
    static let discovered: JSON = [
        "resultType": "complete", "supportedVersions": ["2026-07-28"],
        "capabilities": ["tools": .object([]), "resources": .object([])],
        "_meta": ["io.modelcontextprotocol/serverInfo": ["name": "s", "version": "1"]],
    ]

    /// A stateless server with tools, whose calls a closure answers.
    static func serving(
        _ tools: [JSON],
        _ answer: @escaping Script = { _ in ["content": []] }
    ) -> ScriptedTransport {
        ScriptedTransport { request throws(MCPError) in
            switch request.method {
            case "server/discover": discovered
            case "tools/list": ["tools": .array(tools)]
            default: try answer(request)
            }
        }
    }

    static func tool(_ name: String, _ members: [JSON.Member] = []) -> JSON {
        .object(
            [
                .init("name", .string(name)),
                .init("inputSchema", ["type": "object"]),
            ] + members
        )
    }

    /// An error as a server sends it.
    static func fault(_ code: Int, supported: [JSON] = []) -> MCPError {
        let data: JSON? = supported.isEmpty ? nil : ["supported": .array(supported)]
        return MCPError(.refused, "", "no", fault: Fault(code, "no", data: data))
    }
}

extension ClientSession {
    static func open(over transport: ScriptedTransport) async throws(MCPError) -> ClientSession {
        try await open(over: transport, inbox: Inbox { _ in })
    }
}
