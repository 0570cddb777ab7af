// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Models
import Synchronization
import TestSupport
import Testing

@Suite("Models whose servers fail")
struct ModelFaultTests {
    private static let good = ModelBench.json(
        #"{"content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn","#
            + #""usage":{"input_tokens":1,"output_tokens":1}}"#
    )

    @Test(
        "what passes is tried again, and the answer counts once",
        arguments: [
            (429, #"{"error":{"type":"rate_limit_error","message":"slow down"}}"#),
            (500, "<html>oops</html>"), (529, #"{"error":{"type":"overloaded_error"}}"#),
            (503, #"{"error":"loading"}"#), (408, ""),
        ]
    )
    func passing(status: Int, body: String) async throws {
        let bench = try ModelBench.make(replies: [ModelBench.json(body, status: status), Self.good])

        let answer = try await bench.ask().get()

        #expect(answer.text == "ok")
        #expect(bench.pauses.all.count == 1)
        #expect(bench.purse.spent.tokens == 2)
    }

    @Test("a server that says how long to wait is obeyed, and one that asks too much is left")
    func retryAfter() async throws {
        let soon = try ModelBench.make(replies: [
            ModelBench.json("{}", status: 429, headers: "Retry-After: 7\r\n"), Self.good,
        ])
        let late = try ModelBench.make(replies: [
            ModelBench.json("{}", status: 429, headers: "Retry-After: 3600\r\n"), Self.good,
        ])

        let answer = await soon.ask()
        let refused = await late.ask()

        #expect(try answer.get().text == "ok")
        #expect(soon.pauses.all == [.seconds(7)])
        #expect(refused.failure?.code == .rateLimited)
        #expect(late.pauses.all.isEmpty)
    }

    @Test(
        "what does not pass is not tried again",
        arguments: [
            (400, #"{"error":{"message":"bad field"}}"#, ModelError.Code.invalidRequest),
            (400, #"{"error":{"message":"prompt is too long: 9 > 8"}}"#, .contextTooLong),
            (400, #"{"error":{"code":"context_length_exceeded","message":"x"}}"#, .contextTooLong),
            (401, "{}", .unauthorized), (403, "no", .unauthorized), (402, "{}", .unpaid),
            (429, #"{"error":{"code":"insufficient_quota"}}"#, .unpaid),
            (
                429, #"{"error":{"details":{"error_code":"enforced_spend_limit_reached"}}}"#,
                .unpaid
            ),
            (413, "", .contextTooLong), (404, #"{"detail":"no such model"}"#, .invalidRequest),
        ]
    )
    func settled(status: Int, body: String, code: ModelError.Code) async throws {
        let bench = try ModelBench.make(replies: [ModelBench.json(body, status: status), Self.good])

        let failure = await bench.ask().failure

        #expect(failure?.code == code)
        #expect(failure?.status == status)
        #expect(bench.purse.spent.tokens == 0)
    }

    @Test("an error in the middle of a stream, and a stream that ends early, are tried again")
    func midStream() async throws {
        let begin = #"{"type":"message_start","message":{"usage":{"input_tokens":1}}}"#
        let error = #"{"type":"error","error":{"type":"overloaded_error","message":"busy"}}"#
        let bench = try ModelBench.make(replies: [
            ModelBench.stream([begin, error]), ModelBench.stream([begin]), Self.good,
        ])

        let answer = try await bench.ask().get()

        #expect(answer.text == "ok")
        // Nobody knows what the first two cost, so they are taken to have cost the most.
        #expect(bench.purse.spent.tokens > 2 * 4096)
    }

    @Test("the attempts end, and the last failure is told")
    func attempts() async throws {
        let bench = try ModelBench.make(replies: [ModelBench.json("{}", status: 529)])

        let failure = await bench.ask().failure

        #expect(failure?.code == .overloaded)
        #expect(bench.server.dialled.count == 3)
    }

    @Test("a reply or an event beyond the limit is refused while it comes")
    func huge() async throws {
        let more = "    reply_limit: 2KiB\n    attempts: 1"
        let line = String(repeating: "x", count: 1 << 20)
        let whole = try ModelBench.make(more: more, replies: [ModelBench.json("\"\(line)\"")])
        let event = try ModelBench.make(more: more, replies: [ModelBench.stream([line])])
        let piece =
            #"{"type":"content_block_delta","index":0,"delta":{"text":"\#(line.prefix(900))"}}"#
        let start = #"{"type":"content_block_start","index":0,"content_block":{"type":"text"}}"#
        let pieces = try ModelBench.make(
            more: more,
            replies: [ModelBench.stream([start] + [String](repeating: piece, count: 5))]
        )

        for bench in [whole, event, pieces] {
            #expect(await bench.ask().failure?.code == .tooLarge)
        }
    }

    @Test(
        "what is no answer is said to be none, and never trusted",
        arguments: [
            "", "nonsense", "[]", #"{"content":7}"#, #"{"choices":[{}]}"#, "{\"content\":[",
        ]
    )
    func malformed(body: String) async throws {
        let more = "    attempts: 1"
        let anthropic = try ModelBench.make(more: more, replies: [ModelBench.json(body)])
        let chat = try ModelBench.make("openai", more: more, replies: [ModelBench.json(body)])

        #expect(await anthropic.ask().failure?.code == .malformed)
        #expect(await chat.ask().failure?.code == .malformed)
    }

    @Test("a server that says nothing in time is left, and one that is not there is told apart")
    func silence() async throws {
        let silent = try ModelBench.make(more: "    attempts: 1", timeout: "200ms") { peer in
            _ = peer.hearRequest()
            _ = peer.awaitEnd()
        }
        let half = try ModelBench.make(more: "    attempts: 1", timeout: "300ms") { peer in
            _ = peer.hearRequest()
            peer.say(ModelBench.stream([#"{"type":"ping"}"#]))
            _ = peer.awaitEnd()
        }

        #expect(await silent.ask().failure?.code == .timedOut)
        #expect(await half.ask().failure?.code == .timedOut)
        // Nobody knows whether the first has worked for it.
        #expect(silent.purse.spent.tokens > 4096)
    }

    @Test("a server that says that another try is no use is not asked again")
    func unwanted() async throws {
        let bench = try ModelBench.make(replies: [
            ModelBench.json("{}", status: 529, headers: "x-should-retry: false\r\n"), Self.good,
        ])

        let failure = await bench.ask().failure

        #expect(failure?.code == .invalidRequest)
        #expect(bench.server.dialled.count == 1)
    }

    @Test("a call that nobody waits for any more ends, and is not made again")
    func cancelled() async throws {
        let (heard, tell) = AsyncStream.makeStream(of: Void.self)
        let bench = try ModelBench.make(timeout: "60s") { peer in
            _ = peer.hearRequest()
            tell.yield()
            _ = peer.awaitEnd()
        }

        let task = Task { await bench.ask() }
        for await _ in heard { break }
        task.cancel()

        #expect(await task.value.failure?.code == .cancelled)
        #expect(bench.server.dialled.count == 1)
    }

    @Test("what a call may cost at most is set aside to the token, before it is made")
    func aside() async throws {
        let length = Mutex(0)
        func bench(_ tokens: Int?) throws -> ModelBench {
            var budget = ModelBudget()
            budget.tokens = tokens
            return try ModelBench.make(budget: budget) { peer in
                let body = peer.hearRequest().split(separator: "\r\n\r\n")[1]
                length.withLock { $0 = body.utf8.count }
                peer.say(Self.good)
            }
        }

        _ = try await bench(nil).ask().get()
        // Each byte of the prompt, what a server may add to it, and the longest answer.
        let most = length.withLock { $0 } + 2000 + 4096
        let poor = try bench(most - 1)
        let refused = await poor.ask().failure

        #expect(refused?.code == .overBudget)
        #expect(poor.server.dialled.isEmpty)
        #expect(try await bench(most).ask().get().text == "ok")
    }

    @Test("a server that quotes the key is not quoted")
    func quotedKey() async throws {
        let far = String(repeating: "-", count: 280)
        let words = #"{"error":{"message":"\#(far)\#(ModelBench.key) is wrong"}}"#
        let bench = try ModelBench.make(replies: [ModelBench.json(words, status: 401)])

        let failure = try #require(await bench.ask().failure)

        #expect(!failure.description.contains("canary"))
        #expect(failure.description.contains("-[the"))
    }
}
