// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Synchronization

/// Sends requests and streams replies, many at a time, on one thread of its own.
///
/// Connections are kept and used again, for any request of the client to the same host: requests
/// that differ in the addresses they allow belong to different clients.
public final class HTTPClient: Sendable {
    private let engine: Engine
    private let wall: any WallClock
    private let random: Mutex<SeededRandom>
    /// The last address that was read, as most requests go where the one before went.
    private let lastPlace = Mutex<(text: String, place: HTTPURL?)>(("", nil))

    /// Creates a client; its thread starts with the first request.
    /// - Parameters:
    ///   - settings: Limits, proxy, certificates.
    ///   - wall: The time of day, against which dates of replies are read.
    ///   - now: A steady clock, as the span since one arbitrary moment.
    /// - Throws: `.other` when libcurl cannot be set up.
    public init(
        _ settings: HTTPSettings = HTTPSettings(),
        wall: any WallClock,
        now: @escaping @Sendable () -> Duration
    ) throws(HTTPError) {
        engine = try Engine(settings, now: now)
        self.wall = wall
        random = Mutex(SeededRandom(seed: settings.seed))
    }

    deinit { engine.close() }

    /// Ends all transfers with `closed`, and the thread; a second call does nothing.
    public func close() { engine.close() }

    /// The moment on the client's steady clock, against which deadlines are kept.
    package var moment: Duration { engine.now() }

    /// Waits for a span; shorter when the task is cancelled or the client closed.
    public func pause(for duration: Duration) async {
        if let pause = engine.settings.pause {
            await pause(duration)
        } else {
            await engine.pause(for: duration)
        }
    }

    /// Sends a request and returns when the head of the reply has come.
    ///
    /// Redirects are followed if the request says so, attempts repeated as the policy says. Once a
    /// reply is returned nothing is repeated any more.
    /// - Throws: An ``HTTPError`` when there is no reply; an error status is none.
    public func open(
        _ request: HTTPRequest,
        retrying policy: RetryPolicy = .once
    ) async throws(HTTPError) -> HTTPReply {
        let start = engine.now()
        var attempt = 0
        while true {
            attempt += 1
            let result = await follow(request)
            let decision = policy.decide(
                after: attempt,
                outcome(result),
                isRepeatable: request.mayBeRepeated,
                elapsed: engine.now() - start,
                draw: random.withLock { $0.nextUnit() }
            )
            switch decision {
            case .stop(let reason):
                var reply = try result.get()
                reply.attempts = attempt
                reply.reason = reason
                return reply
            case .wait(let duration):
                await pause(for: duration)
                guard !Task.isCancelled else {
                    throw HTTPError(.cancelled, "send \(request)", "the task was cancelled")
                }
            }
        }
    }

    private func outcome(_ result: Result<HTTPReply, HTTPError>) -> RetryPolicy.Outcome {
        switch result {
        case .success(let reply):
            .reply(status: reply.head.status, RetryAdvice(reply.head, now: wall.now()))
        case .failure(let error): .failure(error.code, mayHaveArrived: error.mayHaveArrived)
        }
    }

    /// One attempt, with the redirects that belong to it.
    private func follow(_ request: HTTPRequest) async -> Result<HTTPReply, HTTPError> {
        do {
            var request = request
            var followed = 0
            while true {
                let place = try check(request)
                let reply = try await exchange(request, place)
                guard
                    let next = try Redirect.next(
                        of: request,
                        at: place,
                        reply.head,
                        followed: followed
                    )
                else { return .success(reply) }
                request = next
                followed += 1
            }
        } catch {
            return .failure(error)
        }
    }

    private func check(_ request: HTTPRequest) throws(HTTPError) -> HTTPURL {
        let place = try request.check(reading: place)
        guard engine.settings.proxy == nil || request.addresses == .any else {
            throw HTTPError(
                .invalidRequest,
                "send \(request)",
                "which address a proxy connects to cannot be known; allow any, or use no proxy"
            )
        }
        return place
    }

    private func place(_ text: String) -> HTTPURL? {
        if let known = lastPlace.withLock({ $0.text == text ? $0.place : nil }) { return known }
        let place = HTTPURL(text)
        lastPlace.withLock { $0 = (text, place) }
        return place
    }

    private func exchange(
        _ request: HTTPRequest,
        _ place: HTTPURL
    ) async throws(HTTPError) -> HTTPReply {
        let pipe = ReplyPipe()
        let id = try engine.submit(request, to: place, pipe)
        // Made at once, so that the transfer is given up when the head does not come.
        let body = HTTPBody(id, pipe, engine, of: self)
        let engine = engine
        let head = await withTaskCancellationHandler {
            await pipe.head()
        } onCancel: {
            engine.cancel(id)
        }
        return HTTPReply(head: try head.get(), body: body)
    }
}
