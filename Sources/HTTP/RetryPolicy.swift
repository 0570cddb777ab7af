// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Decides whether and when a request is tried again; it neither waits nor draws lots itself.
public struct RetryPolicy: Sendable, Hashable {
    /// How often a request is sent at most, the first time included.
    public var attempts: Int
    /// The longest wait before the second attempt; it doubles with each further one.
    public var base: Duration
    /// The longest wait that is chosen here; a server may ask for a longer one.
    public var cap: Duration
    /// How long all attempts and waits may take together.
    public var patience: Duration

    /// Bundles a policy; the defaults are two more attempts after half a second to eight.
    public init(
        attempts: Int = 3,
        base: Duration = .milliseconds(500),
        cap: Duration = .seconds(8),
        patience: Duration = .seconds(600)
    ) {
        self.attempts = attempts
        self.base = base
        self.cap = cap
        self.patience = patience
    }

    /// One attempt, and no other.
    public static let once = RetryPolicy(attempts: 1)

    /// How an attempt ended.
    public enum Outcome: Sendable, Hashable {
        /// A reply came.
        case reply(status: Int, RetryAdvice)
        /// None came, or its head was not whole.
        case failure(HTTPError.Code, mayHaveArrived: Bool)
    }

    /// What follows.
    public enum Decision: Sendable, Hashable {
        /// Another attempt after a wait.
        case wait(Duration)
        /// No other attempt.
        case stop(Reason)
    }

    /// Why there is no other attempt.
    public enum Reason: Sendable, Hashable {
        /// The outcome is no passing trouble.
        case settled
        /// The server says that trying again is of no use.
        case unwanted
        /// The request may have had its effect, and repeating it could have it twice.
        case unknownOutcome
        /// All attempts are used.
        case attemptsUsed
        /// The wait that is needed is longer than the patience that is left.
        case tooLong(Duration)
    }

    /// Decides what follows an attempt.
    /// - Parameters:
    ///   - attempt: The number of the attempt that ended, from 1.
    ///   - outcome: How it ended.
    ///   - isRepeatable: Whether the request does no harm when it is carried out twice.
    ///   - elapsed: The time since the first attempt began.
    ///   - draw: A random number from 0 up to 1, which spreads callers over time.
    /// - Returns: The wait before the next attempt, or why there is none.
    public func decide(
        after attempt: Int,
        _ outcome: Outcome,
        isRepeatable: Bool,
        elapsed: Duration,
        draw: Double
    ) -> Decision {
        var asked: Duration?
        switch outcome {
        case .reply(let status, let advice):
            guard advice.isWanted ?? Self.isPassing(status) else {
                return .stop(advice.isWanted == false ? .unwanted : .settled)
            }
            // These say that the request was not carried out; others leave that open.
            guard
                isRepeatable || advice.isWanted == true
                    || [408, 425, 429, 503, 529]
                        .contains(status)
            else { return .stop(.unknownOutcome) }
            asked = advice.delay
        case .failure(let code, let mayHaveArrived):
            guard Self.isPassing(code) else { return .stop(.settled) }
            guard isRepeatable || !mayHaveArrived else { return .stop(.unknownOutcome) }
        }
        guard attempt < attempts else { return .stop(.attemptsUsed) }
        let wait = asked ?? jitter(after: attempt, draw)
        guard elapsed + wait < patience else { return .stop(.tooLong(wait)) }
        return .wait(wait)
    }

    /// A wait between nothing and the doubled base, "full jitter".
    private func jitter(after attempt: Int, _ draw: Double) -> Duration {
        let longest = min(base * (1 << min(max(attempt, 1) - 1, 20)), cap)
        return longest * min(max(draw, 0), 1)
    }

    private static func isPassing(_ status: Int) -> Bool {
        [408, 409, 425, 429].contains(status) || (500...599).contains(status)
    }

    private static func isPassing(_ code: HTTPError.Code) -> Bool {
        switch code {
        case .cannotResolve, .cannotConnect, .connectTimedOut, .firstByteTimedOut, .idleTimedOut,
            .disconnected, .malformedReply:
            true
        case .invalidRequest, .addressRefused, .insecure, .totalTimedOut, .tooLarge,
            .redirectRefused, .cancelled, .busy, .closed, .other:
            false
        }
    }
}
