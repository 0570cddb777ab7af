// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

package import Basics
package import HTTP
import Synchronization

/// A server behind one address: each message is a POST, each answer a body or a stream of events.
package final class WebTransport: Transport {
    /// Where the server is and what it is sent.
    package struct Place: Sendable {
        /// The address.
        package var url: String
        /// Headers that every request gets, such as a credential; they never reach another host.
        package var credentials: [HTTPHeader]
        /// The most bytes of one message.
        package var messageLimitBytes: Int

        package init(
            url: String,
            credentials: [HTTPHeader] = [],
            messageLimitBytes: Int = 16 << 20
        ) {
            self.url = url
            self.credentials = credentials
            self.messageLimitBytes = messageLimitBytes
        }
    }

    struct State {
        var revision: Revision?
        var session: String?
        var isClosed = false
        /// Answers to the server's own questions that are on their way.
        var answers = 0
    }

    let place: Place
    let client: HTTPClient
    let inbox: Inbox
    let state = Mutex(State())
    /// Waits before a stream is taken up again.
    let pause: @Sendable (Duration) async -> Void

    package init(
        _ place: Place,
        client: HTTPClient,
        inbox: Inbox,
        pause: @escaping @Sendable (Duration) async -> Void
    ) {
        self.place = place
        self.client = client
        self.inbox = inbox
        self.pause = pause
    }

    package func settle(on revision: Revision) {
        state.withLock { $0.revision = revision }
    }

    package func call(_ request: OutgoingRequest) async throws(MCPError) -> JSON {
        let end = client.moment + request.limits.total
        do throws(MCPError) {
            let reply = try await post(request)
            return try await answer(to: request, in: reply, until: end)
        } catch {
            if error.code == .timedOut || error.code == .cancelled { withdraw(request, error) }
            throw error
        }
    }

    package func tell(_ message: Message) async throws(MCPError) {
        let operation = "send a notice"
        var request = self.request("POST", CallLimits(idle: .seconds(10), total: .seconds(20)))
        request.body = message.bytes
        if case .notice(let method, _) = message {
            request.headers += methodHeaders(method, nil)
        }
        let reply = try await open(request, operation)
        guard (200...299).contains(reply.head.status) else {
            throw try await refusal(reply, operation)
        }
    }

    package func close() async {
        let session = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed ? nil : state.session
        }
        guard session != nil else { return }
        // The server ends the session by itself in time; this only spares it the wait.
        _ = try? await open(
            request("DELETE", CallLimits(idle: .seconds(2), total: .seconds(2))),
            "end the session"
        )
    }

    // MARK: Requests

    private func post(_ request: OutgoingRequest) async throws(MCPError) -> HTTPReply {
        var sent = self.request("POST", request.limits)
        sent.body = request.message.bytes
        sent.isRepeatable = request.isRepeatable
        let name = request.params["name"]?.stringValue ?? request.params["uri"]?.stringValue
        sent.headers += methodHeaders(request.method, name, request.params)
        sent.headers += request.headers.map { HTTPHeader($0.name, $0.value) }
        let reply = try await open(sent, request.operation)
        if request.method == "initialize", let session = reply.head["mcp-session-id"] {
            let isPlain = session.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard isPlain, (1...1024).contains(session.utf8.count) else {
                throw MCPError(.malformed, "initialize", "the session's id is not one")
            }
            state.withLock { $0.session = session }
        }
        return reply
    }

    /// A request with what all have: what is accepted, the revision, session and credentials.
    func request(_ method: String, _ limits: CallLimits) -> HTTPRequest {
        let (revision, session) = state.withLock { ($0.revision, $0.session) }
        var headers = [HTTPHeader("accept", "application/json, text/event-stream")]
        if method == "POST" { headers.append(HTTPHeader("content-type", "application/json")) }
        if let revision, !revision.isStateless {
            headers.append(HTTPHeader("mcp-protocol-version", revision.rawValue))
            if let session { headers.append(HTTPHeader("mcp-session-id", session)) }
        }
        return HTTPRequest(
            method,
            place.url,
            headers: headers,
            credentials: place.credentials,
            limits: HTTPLimits(
                firstByte: limits.idle,
                idle: limits.idle,
                total: limits.total,
                bodyBytes: 4 * place.messageLimitBytes
            )
        )
    }

    /// What a stateless request says in headers too, so that body and headers agree.
    private func methodHeaders(
        _ method: String,
        _ name: String?,
        _ params: JSON? = nil
    ) -> [HTTPHeader] {
        let meta = params?["_meta"]?[MetaKey.version]?.stringValue
        guard let version = meta else { return [] }
        var headers = [
            HTTPHeader("mcp-protocol-version", version), HTTPHeader("mcp-method", method),
        ]
        if let name { headers.append(HTTPHeader("mcp-name", HeaderValue.encode(name))) }
        return headers
    }

    func open(_ request: HTTPRequest, _ operation: String) async throws(MCPError) -> HTTPReply {
        do throws(HTTPError) {
            return try await client.open(request)
        } catch {
            throw MCPError(error, operation)
        }
    }

    /// Tells a server with sessions that nobody waits for an answer any more; a stateless one sees
    /// that by the connection.
    private func withdraw(_ request: OutgoingRequest, _ error: MCPError) {
        let isStateless = state.withLock { $0.revision?.isStateless ?? true }
        guard !isStateless, request.mayBeCancelled else { return }
        let notice = Message.notice(
            method: "notifications/cancelled",
            params: ["requestId": request.id.json, "reason": .string(error.reason)]
        )
        // Not part of the task that was cancelled; it ends by itself within its own limits, and a
        // server that does not hear of it only works for nothing.
        Task { try? await tell(notice) }
    }
}
