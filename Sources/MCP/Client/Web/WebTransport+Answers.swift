// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import HTTP
import Synchronization

extension WebTransport {
    /// How often a stream that broke off is taken up again for one call.
    package static let resumeLimit = 5
    /// The wait before that when the server names none, and the longest it may ask for.
    static let usualRetry: Duration = .seconds(1)
    static let longestRetry: Duration = .seconds(30)

    /// The most answers to the server's own questions on their way at a time.
    package static let answerLimit = 8

    /// Finds the answer in a reply, by a moment on the client's clock.
    func answer(
        to request: OutgoingRequest,
        in reply: HTTPReply,
        until end: Duration
    ) async throws(MCPError) -> JSON {
        guard (200...299).contains(reply.head.status) else {
            throw try await refusal(reply, request.operation)
        }
        let named = (reply.head["content-type"] ?? "").utf8.prefix { $0 != 0x3B && $0 != 0x20 }
        let type = String(decoding: named, as: UTF8.self).lowercased()
        switch type {
        case "application/json":
            let body = try await body(of: reply, request.operation)
            guard let result = try await take(body, for: request) else {
                throw broken(request, "the body is not the answer to this request")
            }
            return result
        case "text/event-stream": return try await follow(reply, for: request, until: end)
        default:
            throw broken(request, "the reply is of type '\(type.prefix(60))'")
        }
    }

    /// Reads events until the answer comes, and takes the stream up again where it broke off.
    private func follow(
        _ first: HTTPReply,
        for request: OutgoingRequest,
        until end: Duration
    ) async throws(MCPError) -> JSON {
        var reply = first
        var place = StreamPlace()
        var resumes = 0
        while true {
            let failure: MCPError
            do throws(MCPError) {
                if let result = try await read(reply, for: request, &place) { return result }
                failure = disconnected(request, "the stream ended without the answer")
            } catch {
                guard error.code == .disconnected else { throw error }
                failure = error
            }
            let isStateless = state.withLock { $0.revision?.isStateless ?? true }
            guard let last = place.id, !isStateless, resumes < Self.resumeLimit else {
                throw failure
            }
            resumes += 1
            await pause(min(place.wait, max(.zero, end - client.moment)))
            // All streams of a call share the time that it may take.
            var limits = request.limits
            limits.total = end - client.moment
            guard limits.total > .zero else { throw late(request) }
            var again = self.request("GET", limits)
            again.headers.append(HTTPHeader("last-event-id", last))
            reply = try await open(again, request.operation)
            guard reply.head.status == 200 else { throw failure }
        }
    }

    private struct StreamPlace {
        var id: String?
        var retry: Duration?

        var wait: Duration { min(retry ?? usualRetry, longestRetry) }
    }

    /// Reads one stream; nil when it ended without the answer.
    private func read(
        _ reply: HTTPReply,
        for request: OutgoingRequest,
        _ place: inout StreamPlace
    ) async throws(MCPError) -> JSON? {
        var stream = EventStream(limitBytes: self.place.messageLimitBytes)
        while let bytes = try await next(reply.body, request.operation) {
            guard let events = stream.take(bytes) else {
                throw MCPError(
                    .tooLarge,
                    request.operation,
                    "an event is larger than \(self.place.messageLimitBytes) bytes",
                    mayHaveArrived: true
                )
            }
            for event in events {
                if let id = event.id, HeaderValue.encode(id) == id { place.id = id }
                if let retry = event.retry { place.retry = .milliseconds(min(retry, 1 << 30)) }
                guard let data = event.data, !data.isEmpty else { continue }
                if let result = try await take(data, for: request) { return result }
            }
        }
        return nil
    }

    /// Takes one message in; the result when it is the answer.
    private func take(
        _ bytes: [UInt8],
        for request: OutgoingRequest
    ) async throws(MCPError) -> JSON? {
        guard bytes.count <= place.messageLimitBytes else {
            throw MCPError(
                .tooLarge,
                request.operation,
                "the answer is larger than \(place.messageLimitBytes) bytes",
                mayHaveArrived: true
            )
        }
        let message: Message
        do throws(Fault) {
            message = try Message(parsing: bytes)
        } catch {
            throw broken(request, error.message)
        }
        switch message {
        case .response(request.id, let result): return result
        case .failure(let id, let fault) where id == nil || id == request.id:
            throw MCPError(.refused, request.operation, fault.description, fault: fault)
        case .response(let id, _): inbox.note(.oddity("an answer with the id \(id)"))
        case .failure(let id, _):
            inbox.note(.oddity("an error with the id \(id?.description ?? "")"))
        case .notice("notifications/progress", let params):
            guard RequestID(params["progressToken"]) == request.id,
                let progress = Progress(params)
            else { break }
            request.onProgress?(progress)
        case .notice(let method, let params): inbox.take(notice: method, params)
        case .request(let id, let method, _):
            let isStateless = state.withLock { $0.revision?.isStateless ?? true }
            if let answer = inbox.answer(id, method: method, isStateless: isStateless) {
                send(answer)
            }
        }
        return nil
    }

    /// Answers a question of the server, which is not waited for: a server that asks a thousand
    /// things and takes no answer must not hold up the call beyond its own deadline.
    private func send(_ answer: Message) {
        let hasRoom = state.withLock { state in
            guard state.answers < Self.answerLimit else { return false }
            state.answers += 1
            return true
        }
        guard hasRoom else {
            return inbox.note(.oddity("more than \(Self.answerLimit) questions at a time"))
        }
        // Ends by itself within the limits of a notice.
        Task {
            // A server that does not take the answer may still give its own.
            try? await tell(answer)
            state.withLock { $0.answers -= 1 }
        }
    }

    /// Turns an error status into what it means.
    func refusal(_ reply: HTTPReply, _ operation: String) async throws(MCPError) -> MCPError {
        let status = reply.head.status
        let body = try await body(of: reply, operation)
        var fault: Fault?
        // What is no message of the protocol is a page for people, and the status says enough.
        if case .failure(_, let told)? = try? Message(parsing: body) { fault = told }
        let hasSession = state.withLock { $0.session != nil }
        switch status {
        case 401, 403:
            return MCPError(
                .unauthorized,
                operation,
                "the server answers \(status); check the connector's credential",
                fault: fault
            )
        case 404 where hasSession && fault?.code != Fault.unknownMethod:
            state.withLock { $0.session = nil }
            return MCPError(.sessionLost, operation, "the server does not know the session")
        default:
            if let fault {
                return MCPError(.refused, operation, fault.description, fault: fault)
            }
            return MCPError(
                .unreachable,
                operation,
                "the server answers with status \(status)",
                mayHaveArrived: status >= 500 && status != 503
            )
        }
    }

    private func body(
        of reply: HTTPReply,
        _ operation: String
    ) async throws(MCPError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let more = try await next(reply.body, operation) { bytes += more }
        return bytes
    }

    private func next(
        _ body: HTTPBody,
        _ operation: String
    ) async throws(MCPError) -> [UInt8]? {
        do throws(HTTPError) {
            return try await body.next()
        } catch {
            throw MCPError(error, operation)
        }
    }

    private func broken(_ request: OutgoingRequest, _ reason: String) -> MCPError {
        MCPError(.malformed, request.operation, reason, mayHaveArrived: true)
    }

    private func late(_ request: OutgoingRequest) -> MCPError {
        let reason = "it took longer than \(request.limits.total) in all"
        return MCPError(.timedOut, request.operation, reason, mayHaveArrived: true)
    }

    private func disconnected(_ request: OutgoingRequest, _ reason: String) -> MCPError {
        MCPError(.disconnected, request.operation, reason, mayHaveArrived: true)
    }
}

extension MCPError {
    init(_ error: HTTPError, _ operation: String) {
        let code: Code =
            switch error.code {
            case .cannotResolve, .cannotConnect, .insecure, .connectTimedOut, .addressRefused,
                .invalidRequest, .redirectRefused, .other:
                .unreachable
            case .firstByteTimedOut, .idleTimedOut, .totalTimedOut: .timedOut
            case .disconnected: .disconnected
            case .malformedReply: .malformed
            case .tooLarge: .tooLarge
            case .cancelled: .cancelled
            case .busy: .busy
            case .closed: .closed
            }
        self.init(code, operation, error.reason, mayHaveArrived: error.mayHaveArrived)
    }
}
