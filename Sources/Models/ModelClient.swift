// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
public import HTTP
import Synchronization

/// Asks one model, again where that helps, and never beyond what may be spent.
public final class ModelClient: Sendable {
    /// The model.
    public let model: ModelConfiguration
    private let wire: any ModelWire
    private let credential: HTTPHeader?
    private let secret: String?
    private let http: HTTPClient
    private let wall: any WallClock
    private let now: @Sendable () -> Duration
    private let random: Mutex<SeededRandom>

    /// Tokens that a server may add to a prompt on its own, such as words about tools.
    static let hiddenTokens = 2000

    /// Makes a client.
    /// - Parameters:
    ///   - model: The model and how it is reached.
    ///   - secret: What proves to its server who calls; nil when the model needs none.
    ///   - http: What sends requests.
    ///   - wall: The time of day, against which dates of replies are read.
    ///   - now: A steady clock, as the span since one arbitrary moment.
    ///   - seed: Where the spread of waits begins.
    public init(
        _ model: ModelConfiguration,
        secret: String?,
        http: HTTPClient,
        wall: any WallClock,
        now: @escaping @Sendable () -> Duration,
        seed: UInt64 = 0
    ) {
        self.model = model
        wire = model.wire
        self.secret = secret
        credential = secret.flatMap { secret in
            model.credential.map { HTTPHeader($0.header, $0.prefix + secret) }
        }
        self.http = http
        self.wall = wall
        self.now = now
        random = Mutex(SeededRandom(seed: seed))
    }

    /// The longest that one call can take, all attempts and waits included.
    public static func patience(of model: ModelConfiguration) -> Duration {
        .milliseconds(model.timeout.milliseconds) * model.attempts
            + policy(of: model).cap * model.attempts
    }

    private static func policy(of model: ModelConfiguration) -> RetryPolicy {
        var policy = RetryPolicy(attempts: model.attempts)
        policy.patience =
            (.milliseconds(model.timeout.milliseconds) + policy.cap) * model.attempts
        return policy
    }

    /// Asks for an answer to a conversation.
    /// - Throws: A ``ModelError`` once it is settled that there will be none.
    public func complete(
        _ conversation: Conversation,
        meter: some ModelMeter
    ) async throws(ModelError) -> ModelAnswer {
        try await complete(ModelPrompt(conversation, to: model), meter: meter)
    }

    /// Asks for an answer to what was put into this model's words already.
    /// - Throws: A ``ModelError`` once it is settled that there will be none.
    public func complete(
        _ prompt: ModelPrompt,
        meter: some ModelMeter
    ) async throws(ModelError) -> ModelAnswer {
        let body = prompt.bytes
        // A token stands for one byte or more.
        let most = ModelUsage(input: body.count + Self.hiddenTokens, output: model.maxTokens)
        let policy = Self.policy(of: model)
        let start = now()
        var attempt = 0
        while true {
            attempt += 1
            let ticket = try meter.reserve(most, model)
            let failure: ModelError
            do throws(ModelError) {
                let answer = try await self.attempt(body)
                // A server that does not say what was used may charge for all of it.
                try meter.settle(ticket, answer.usage ?? most)
                return answer
            } catch {
                try meter.settle(ticket, error.mayHaveCost ? most : ModelUsage())
                failure = masked(error)
            }
            guard failure.isPassing else { throw failure }
            let decision = policy.decide(
                after: attempt,
                .reply(
                    status: failure.status ?? 500,
                    RetryAdvice(delay: failure.delay, isWanted: true)
                ),
                isRepeatable: true,
                elapsed: now() - start,
                draw: random.withLock { $0.nextUnit() }
            )
            guard case .wait(let wait) = decision else { throw failure }
            await http.pause(for: wait)
        }
    }

    /// The same failure without the credential, should a server have quoted it, and cut only then.
    private func masked(_ error: ModelError) -> ModelError {
        let key = secret.flatMap { $0.isEmpty ? nil : $0 }
        return ModelError(
            error.code,
            key.map { error.reason.replacing($0, with: "[the key]") } ?? error.reason,
            status: error.status,
            delay: error.delay,
            mayHaveCost: error.mayHaveCost
        )
    }

    private func attempt(_ body: [UInt8]) async throws(ModelError) -> ModelAnswer {
        let limit = Int(model.replyLimit.bytes)
        let request = HTTPRequest(
            "POST",
            wire.url,
            headers: wire.headers + [
                HTTPHeader("content-type", "application/json"),
                HTTPHeader("accept", "application/json, text/event-stream"),
            ],
            credentials: credential.map { [$0] } ?? [],
            body: body,
            limits: Self.limits(of: model),
            isRepeatable: true
        )
        do {
            let reply = try await http.open(request)
            guard (200...299).contains(reply.head.status) else {
                throw try await refusal(reply)
            }
            let type = (reply.head["content-type"] ?? "").prefix { $0 != ";" && $0 != " " }
            return type.lowercased() == "text/event-stream"
                ? try await stream(reply, limit) : try await whole(reply, limit)
        } catch let error as ModelError {
            throw error
        } catch let error as HTTPError {
            throw Self.error(error)
        } catch {
            throw ModelError(.serverFailed, "\(error)", mayHaveCost: true)
        }
    }

    /// How much larger a stream may be than the answer in it.
    private static let streamFactor = 64

    /// The limits of one attempt.
    package static func limits(of model: ModelConfiguration) -> HTTPLimits {
        let timeout = Duration.milliseconds(model.timeout.milliseconds)
        return HTTPLimits(
            firstByte: timeout,
            idle: min(timeout, .seconds(60)),
            total: timeout,
            bodyBytes: Int(model.replyLimit.bytes) * streamFactor
        )
    }

    private func refusal(_ reply: HTTPReply) async throws(HTTPError) -> ModelError {
        var body: [UInt8] = []
        while body.count < 64 << 10, let bytes = try await reply.body.next() { body += bytes }
        let advice = RetryAdvice(reply.head, now: wall.now())
        let error = ErrorReply.error(status: reply.head.status, body, advice)
        guard advice.isWanted == false, error.isPassing else { return error }
        return ModelError(.invalidRequest, error.reason, status: error.status)
    }

    private func whole(_ reply: HTTPReply, _ limit: Int) async throws -> ModelAnswer {
        var body: [UInt8] = []
        while let bytes = try await reply.body.next() {
            body += bytes
            guard body.count <= limit else { throw AnswerSize.tooLarge(limit) }
        }
        return try wire.answer(try Self.value(body))
    }

    private static func value(_ body: [UInt8]) throws(ModelError) -> JSON {
        do throws(JSONError) {
            return try JSON(parsing: body)
        } catch {
            throw ModelError(
                .malformed,
                "the reply is no JSON: \(error.message)",
                mayHaveCost: true
            )
        }
    }

    private func stream(_ reply: HTTPReply, _ limit: Int) async throws -> ModelAnswer {
        var events = EventStream(limitBytes: limit)
        var answer = wire.makeStream(limitBytes: limit)
        while !answer.isWhole, let bytes = try await reply.body.next() {
            guard let whole = events.take(bytes) else { throw AnswerSize.tooLarge(limit) }
            for event in whole where !answer.isWhole {
                if let data = event.data { try answer.take(data) }
            }
        }
        return try answer.answer()
    }

    private static func error(_ error: HTTPError) -> ModelError {
        let code: ModelError.Code =
            switch error.code {
            case .cannotResolve, .cannotConnect, .insecure, .connectTimedOut, .busy, .closed,
                .addressRefused:
                .unreachable
            case .firstByteTimedOut, .idleTimedOut, .totalTimedOut: .timedOut
            case .disconnected, .malformedReply, .other: .disconnected
            case .tooLarge: .tooLarge
            case .invalidRequest, .redirectRefused: .invalidRequest
            case .cancelled: .cancelled
            }
        return ModelError(code, error.description, mayHaveCost: error.mayHaveArrived)
    }
}
