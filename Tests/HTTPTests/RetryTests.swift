// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import HTTP
import Synchronization
import TestSupport
import Testing

@Suite("Trying again", .timeLimit(.minutes(1)))
struct RetryTests {
    private let policy = RetryPolicy(
        attempts: 4,
        base: .seconds(1),
        cap: .seconds(3),
        patience: .seconds(60)
    )

    private func decide(
        after attempt: Int = 1,
        _ outcome: RetryPolicy.Outcome,
        isRepeatable: Bool = true,
        elapsed: Duration = .zero,
        draw: Double = 0.5
    ) -> RetryPolicy.Decision {
        policy.decide(
            after: attempt,
            outcome,
            isRepeatable: isRepeatable,
            elapsed: elapsed,
            draw: draw
        )
    }

    @Test(
        "passing trouble is tried again, anything else is not",
        arguments: [
            (200, false), (302, false), (400, false), (401, false), (404, false), (413, false),
            (408, true), (409, true), (429, true), (500, true), (503, true), (504, true),
            (529, true),
        ]
    )
    func statuses(status: Int, isTriedAgain: Bool) {
        let decision = decide(.reply(status: status, RetryAdvice()))

        #expect(decision == (isTriedAgain ? .wait(.milliseconds(500)) : .stop(.settled)))
    }

    @Test("waits double, end at the cap, and are drawn between nothing and that")
    func jitter() {
        let outcome = RetryPolicy.Outcome.reply(status: 500, RetryAdvice())

        #expect(decide(after: 1, outcome, draw: 1) == .wait(.seconds(1)))
        #expect(decide(after: 2, outcome, draw: 1) == .wait(.seconds(2)))
        #expect(decide(after: 3, outcome, draw: 1) == .wait(.seconds(3)))
        #expect(decide(after: 3, outcome, draw: 0) == .wait(.zero))
        #expect(decide(after: 4, outcome) == .stop(.attemptsUsed))
    }

    @Test("what the server asks for is kept when there is time for it, else given up with the wait")
    func asked() {
        let advice = RetryAdvice(delay: .seconds(7))

        #expect(decide(.reply(status: 429, advice)) == .wait(.seconds(7)))
        #expect(
            decide(.reply(status: 429, advice), elapsed: .seconds(53))
                == .stop(.tooLong(.seconds(7)))
        )
        #expect(
            decide(.reply(status: 400, RetryAdvice(isWanted: true))) == .wait(.milliseconds(500))
        )
        #expect(decide(.reply(status: 500, RetryAdvice(isWanted: false))) == .stop(.unwanted))
    }

    @Test("what may have had its effect is not sent again unless that does no harm")
    func unknownOutcome() {
        let lost = RetryPolicy.Outcome.failure(.disconnected, mayHaveArrived: true)
        let unsent = RetryPolicy.Outcome.failure(.cannotConnect, mayHaveArrived: false)

        #expect(decide(lost, isRepeatable: false) == .stop(.unknownOutcome))
        #expect(decide(lost, isRepeatable: true) == .wait(.milliseconds(500)))
        #expect(decide(unsent, isRepeatable: false) == .wait(.milliseconds(500)))
        #expect(
            decide(.reply(status: 500, RetryAdvice()), isRepeatable: false)
                == .stop(.unknownOutcome)
        )
        #expect(
            decide(.reply(status: 429, RetryAdvice()), isRepeatable: false)
                == .wait(.milliseconds(500))
        )
    }

    @Test(
        "failures that repeat themselves are not tried again",
        arguments: [
            HTTPError.Code.invalidRequest, .addressRefused, .insecure, .totalTimedOut, .tooLarge,
            .redirectRefused, .cancelled, .busy, .closed, .other,
        ]
    )
    func settled(code: HTTPError.Code) {
        #expect(decide(.failure(code, mayHaveArrived: false)) == .stop(.settled))
    }

    private func advice(_ name: String, _ value: String) -> RetryAdvice {
        let now = Instant(secondsSinceEpoch: 784_111_777)
        return RetryAdvice(HTTPHead(status: 429, headers: [HTTPHeader(name, value)]), now: now)
    }

    @Test(
        "a wait is read as seconds, as milliseconds or as a date",
        arguments: [
            ("Retry-After", "7", Duration.seconds(7)), ("Retry-After", "0.5", .milliseconds(500)),
            ("retry-after-ms", "250", .milliseconds(250)),
            ("Retry-After", "Sun, 06 Nov 1994 08:49:47 GMT", .seconds(10)),
            ("Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT", .zero),
            ("Retry-After", "99999999999999999999", .seconds(10_000_000)),
        ]
    )
    func delay(name: String, value: String, wait: Duration) {
        #expect(advice(name, value).delay == wait)
    }

    @Test(
        "what is no wait counts as none",
        arguments: [
            "", "-1", "soon", "1e9", "Sun, 06 Nov 1994", "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 99999 08:49:37 GMT", "1.2.3",
        ]
    )
    func noDelay(value: String) {
        #expect(advice("retry-after", value).delay == nil)
    }

    private func client(
        _ statuses: [(Int, String)],
        _ waits: WaitLog
    ) throws -> HTTPClient {
        let left = Mutex(statuses)
        let server = ScriptedServer { peer in
            while !peer.hearRequest().isEmpty {
                let next = left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
                peer.say(Peer.reply(next.0, "body", headers: next.1))
            }
        }
        return try server.client { $0.pause = { waits.note($0) } }
    }

    @Test("the client waits as told and returns the first reply that is good")
    func through() async throws {
        let waits = WaitLog()
        let client = try client([(529, ""), (429, "Retry-After: 7\r\n"), (200, "")], waits)

        let answer = try await client.open(
            HTTPRequest("GET", "http://127.0.0.1:9/"),
            retrying: RetryPolicy(attempts: 5)
        )

        #expect(answer.head.status == 200 && answer.attempts == 3 && answer.reason == .settled)
        #expect(waits.all.count == 2 && waits.all.last == .seconds(7))
        #expect(waits.all.allSatisfy { $0 >= .zero })
    }

    @Test("the last reply comes back with the reason why there was no further attempt")
    func givenUp() async throws {
        let waits = WaitLog()
        let client = try client([(429, "Retry-After: 3600\r\n")], waits)
        let request = HTTPRequest("GET", "http://127.0.0.1:9/")

        let answer = try await client.open(request, retrying: RetryPolicy(attempts: 3))

        #expect(answer.head.status == 429 && answer.attempts == 1)
        #expect(answer.reason == .tooLong(.seconds(3600)) && waits.all.isEmpty)
        #expect(try await answer.body.rest() == Array("body".utf8))
    }

    @Test("the client's own wait ends by itself, or with the task")
    func ownWait() async throws {
        let server = ScriptedServer { peer in
            while !peer.hearRequest().isEmpty { peer.say(Peer.reply(503, "")) }
        }
        let client = try server.client()
        let request = HTTPRequest("GET", "http://127.0.0.1:9/")
        let short = RetryPolicy(attempts: 2, base: .milliseconds(20))

        #expect(try await client.open(request, retrying: short).attempts == 2)
        // Ended below, by the cancellation that is tested.
        let task = Task {
            var long = RetryPolicy(attempts: 2, base: .seconds(3600), cap: .seconds(3600))
            long.patience = .seconds(36_000)
            return try await client.open(request, retrying: long).attempts
        }
        task.cancel()
        let error = await #expect(throws: HTTPError.self) { _ = try await task.value }
        #expect(error?.code == .cancelled)
    }
}

/// The waits that a client would have made.
final class WaitLog: Sendable {
    private let waits = Mutex<[Duration]>([])

    var all: [Duration] { waits.withLock { $0 } }

    func note(_ wait: Duration) { waits.withLock { $0.append(wait) } }
}
