// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Synchronization

/// A conversation with one server, in whichever revision both sides speak.
public final class ClientSession: Sendable {
    /// What is known of the other side; all texts are its own and untrusted.
    public struct Peer: Sendable, Hashable {
        /// The revision that is spoken.
        public let revision: Revision
        /// The server's name; empty when it gives none.
        public let name: String
        /// The server's version; empty when it gives none.
        public let version: String
        /// How the server wants its tools to be used; nil when it does not say.
        public let instructions: String?
        /// What it offers.
        public let capabilities: JSON
    }

    /// The most pages of one list.
    public static let pageLimit = 64
    /// The most entries of one list.
    public static let entryLimit = 2000

    /// The other side.
    public let peer: Peer
    let limits: CallLimits
    let transport: any Transport
    let inbox: Inbox
    private let numbers: Numbers
    private let meta: [JSON.Member]

    init(
        _ peer: Peer,
        transport: any Transport,
        inbox: Inbox,
        limits: CallLimits,
        numbers: Numbers
    ) {
        self.peer = peer
        self.transport = transport
        self.inbox = inbox
        self.limits = limits
        self.numbers = numbers
        meta = peer.revision.isStateless ? Self.statelessMeta(peer.revision) : []
    }

    /// Numbers for requests, each given once.
    final class Numbers: Sendable {
        private let last = Mutex<Int64>(0)

        func next() -> Int64 {
            last.withLock { last in
                last += 1
                return last
            }
        }
    }

    /// What this client is called.
    static let identity: JSON = ["name": "loopdesk", "version": .string(Implementation.version)]

    /// What each stateless request carries.
    static func statelessMeta(_ revision: Revision) -> [JSON.Member] {
        [
            .init(MetaKey.version, .string(revision.rawValue)),
            .init(MetaKey.capabilities, .object([])), .init(MetaKey.client, identity),
        ]
    }

    /// Ends the conversation, and the server when it was started for it.
    public func close() async { await transport.close() }

    /// Asks for something and waits for the answer.
    /// - Parameters:
    ///   - method: The method.
    ///   - params: Its parameters.
    ///   - limits: How long it may take; nil for the session's own.
    ///   - headers: What HTTP carries in headers as well.
    ///   - isRepeatable: Whether carrying it out twice does no harm.
    ///   - onProgress: Told each rise of the progress; nil when it is of no interest.
    /// - Returns: The result.
    /// - Throws: An ``MCPError``.
    func call(
        _ method: String,
        _ params: JSON = .object([]),
        limits: CallLimits? = nil,
        headers: [(name: String, value: String)] = [],
        isRepeatable: Bool = false,
        onProgress: (@Sendable (Progress) -> Void)? = nil
    ) async throws(MCPError) -> JSON {
        let number = numbers.next()
        var members = meta
        if onProgress != nil { members.insert(.init(MetaKey.progressToken, .int(number)), at: 0) }
        var request = OutgoingRequest(
            number: number,
            method: method,
            params: params.addingMeta(members),
            limits: limits ?? self.limits,
            onProgress: onProgress,
            headers: headers
        )
        request.isRepeatable = isRepeatable
        let result = try await transport.call(request)
        try checkKind(of: result, request.operation)
        return result
    }

    /// Refuses a result that is none yet: nobody here can be asked for more.
    private func checkKind(of result: JSON, _ operation: String) throws(MCPError) {
        guard case .object = result else {
            throw MCPError(.malformed, operation, "the result is no object", mayHaveArrived: true)
        }
        guard peer.revision.isStateless, let type = result["resultType"] else { return }
        switch type.stringValue {
        case "complete": return
        case "input_required":
            throw MCPError(
                .refused,
                operation,
                "the server asks for input, and nobody is here to give it",
                mayHaveArrived: true
            )
        default:
            throw MCPError(
                .malformed,
                operation,
                "the result is of kind \(type.compactText.prefix(60))",
                mayHaveArrived: true
            )
        }
    }

    /// Requires that the server offers something.
    func require(_ capability: String, _ operation: String) throws(MCPError) {
        guard peer.capabilities[capability] != nil else {
            throw MCPError(.notOffered, operation, "the server does not offer \(capability)")
        }
    }

    /// Fetches all pages of a list.
    /// - Returns: The entries in their order, and how long the server says that they hold.
    func fetchAll(
        _ method: String,
        _ name: String
    ) async throws(MCPError) -> (entries: [JSON], lifetime: Duration?) {
        var entries: [JSON] = []
        var cursors: Set<String> = []
        var params: JSON = .object([])
        var lifetime: Duration?
        for _ in 0..<Self.pageLimit {
            let page = try await call(method, params, isRepeatable: true)
            guard let more = page[name]?.arrayValue else {
                throw MCPError(.malformed, method, "the result has no list '\(name)'")
            }
            entries += more
            guard entries.count <= Self.entryLimit else {
                throw MCPError(.tooLarge, method, "more than \(Self.entryLimit) entries")
            }
            if let milliseconds = page["ttlMs"]?.intValue, milliseconds >= 0 {
                lifetime = .milliseconds(min(milliseconds, 86_400_000))
            }
            // Present means that there is more, an empty text included.
            guard let cursor = page["nextCursor"]?.stringValue else { return (entries, lifetime) }
            guard cursors.insert(cursor).inserted else {
                throw MCPError(.malformed, method, "a page leads back to one that came before")
            }
            params = ["cursor": .string(cursor)]
        }
        throw MCPError(.tooLarge, method, "more than \(Self.pageLimit) pages")
    }
}
