// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import HTTP
import Models
import TestSupport
import Testing

@Suite("Answers of models that are too large, cut or not in order")
struct AnswerLimitTests {
    private static let begin = ModelBench.event("message_start", #""message":{}"#)
    private static let stop = #"{"type":"message_stop"}"#

    private static func start(_ index: String = #""index":0,"#, text: String = "") -> String {
        ModelBench.event(
            "content_block_start",
            #"\#(index)"content_block":{"type":"text","text":"\#(text)"}"#
        )
    }

    /// Reads a stream without a server.
    private func read(
        _ family: String,
        _ events: [String],
        limitBytes: Int = 1 << 20
    ) throws -> Result<ModelAnswer, ModelError> {
        let text = events.map { "data: \($0)\n\n" }.joined()
        let model = try ModelBench.model(family)
        do throws(ModelError) {
            return .success(
                try AnswerReading.stream([Array(text.utf8)], of: model, limitBytes: limitBytes)
            )
        } catch {
            return .failure(error)
        }
    }

    @Test(
        "events that no server sends in this order are no answer",
        arguments: [
            ([begin, begin, stop], "begins twice"),
            ([begin, start(""), stop], "has no index"),
            ([begin, start(#""index":-1,"#), stop], "has no index"),
            (
                [begin, #"{"type":"content_block_delta","index":3,"delta":{"text":"x"}}"#, stop],
                "belongs to no block"
            ),
        ]
    )
    func disorder(events: [String], words: String) throws {
        let failure = try #require(try read("anthropic", events).failure)

        #expect(failure.code == .malformed && failure.mayHaveCost)
        #expect(failure.reason.contains(words), "\(failure)")
    }

    @Test("an answer that never began, or was broken off by an error, is none")
    func broken() throws {
        let error = #"{"type":"error","error":{"type":"overloaded_error","message":"busy"}}"#
        let chunk = #"{"error":{"code":"server_error","message":"busy","type":"server_error"}}"#
        let end = ModelBench.chunk("{}", #""stop""#)

        let unbegun = try read("anthropic", [Self.stop])
        let refused = try read("anthropic", [Self.begin, error, Self.stop])
        let chat = try read("openai", [ModelBench.chunk(#"{"content":"x"}"#), chunk, end])

        #expect(unbegun.failure?.code == .disconnected)
        #expect(refused.failure?.code == .overloaded && refused.failure?.mayHaveCost == true)
        #expect(chat.failure?.code == .serverFailed && chat.failure?.mayHaveCost == true)
    }

    @Test("an answer is not larger than its limit, whatever it consists of")
    func sizes() throws {
        let word = String(repeating: "x", count: 900)
        let chunks = [
            #"{"content":"\#(word)"}"#, #"{"refusal":"\#(word)"}"#,
            #"{"reasoning_content":"\#(word)"}"#,
            #"{"tool_calls":[{"index":0,"function":{"name":"a","arguments":"\#(word)"}}]}"#,
        ].map { ModelBench.chunk($0) }

        for chunk in chunks {
            let end = ModelBench.chunk("{}", #""stop""#)
            let small = try read("openai", [chunk, chunk, end], limitBytes: 2 << 10)
            let large = try read("openai", [chunk, chunk, chunk, end], limitBytes: 2 << 10)
            #expect(small.failure == nil)
            #expect(large.failure?.code == .tooLarge, "\(chunk.prefix(60))")
        }
        let starts = (0..<3).map { Self.start(#""index":\#($0),"#, text: word) }
        let events = [Self.begin] + starts + [Self.stop]
        #expect(try read("anthropic", events, limitBytes: 2 << 10).failure?.code == .tooLarge)
        #expect(try read("anthropic", events, limitBytes: 4 << 10).failure == nil)
    }

    @Test("an answer has at most so many blocks, streamed and whole")
    func blocks() async throws {
        let blocks = (0...1000).map { Self.start(#""index":\#($0),"#) }
        let calls = (0...1000).map {
            ModelBench.chunk(#"{"tool_calls":[{"index":\#($0),"function":{"name":"a"}}]}"#)
        }
        let more = "    leave_out: [stream]\n    attempts: 1"
        let block = #"{"type":"text","text":"x"}"#
        let many = Array(repeating: block, count: 1001).joined(separator: ",")
        let whole = try ModelBench.make(
            more: more,
            replies: [ModelBench.json(#"{"content":[\#(many)],"stop_reason":"end_turn"}"#)]
        )
        let call = #"{"id":"c","function":{"name":"a","arguments":"{}"}}"#
        let uses = Array(repeating: call, count: 1001).joined(separator: ",")
        let chat = try ModelBench.make(
            "openai",
            more: more,
            replies: [ModelBench.json(#"{"choices":[{"message":{"tool_calls":[\#(uses)]}}]}"#)]
        )

        #expect(try read("anthropic", [Self.begin] + blocks).failure?.code == .tooLarge)
        #expect(
            try read("anthropic", [Self.begin] + blocks.dropLast() + [Self.stop]).failure == nil
        )
        #expect(try read("openai", calls).failure?.code == .tooLarge)
        #expect(await whole.ask().failure?.code == .tooLarge)
        #expect(await chat.ask().failure?.code == .tooLarge)
    }

    @Test("a reply is refused by its limit, one of its events by the same, and all of them by more")
    func replies() async throws {
        let more = "    reply_limit: 2KiB\n    attempts: 1"
        let word = String(repeating: "x", count: 3 << 10)
        let whole = try ModelBench.make(
            more: more,
            replies: [
                ModelBench.json(#"{"content":[{"type":"text","text":"x"}],"more":"\#(word)"}"#)
            ]
        )
        let event = ModelBench.event("ping", #""more":"\#(word)""#)
        let long = try ModelBench.make(
            more: more,
            replies: [ModelBench.stream([Self.begin, event, Self.stop])]
        )
        let ping = ModelBench.event("ping", #""more":"\#(word.prefix(1 << 10))""#)
        let many = try ModelBench.make(
            more: more,
            replies: [ModelBench.stream([Self.begin] + Array(repeating: ping, count: 200))]
        )

        for bench in [whole, long, many] {
            #expect(await bench.ask().failure?.code == .tooLarge)
        }
    }

    @Test("a refusal counts by its status, though what is said about it never ends")
    func endlessRefusal() async throws {
        let words = String(repeating: "x", count: 70_000)
        let bench = try ModelBench.make(more: "    attempts: 1", timeout: "1s") { peer in
            _ = peer.hearRequest()
            peer.say("HTTP/1.1 400 Bad\r\nContent-Type: text/plain\r\n\r\n\(words)")
            _ = peer.awaitEnd()
        }

        let failure = try #require(await bench.ask().failure)

        #expect(failure.code == .invalidRequest && failure.status == 400, "\(failure)")
        #expect(bench.purse.spent.tokens == 0)
    }

    @Test("each call has its limits of time and size from its model")
    func limits() throws {
        let quick = try ModelBench.model("openai", more: "    reply_limit: 2KiB", timeout: "30s")
        let slow = try ModelBench.model("openai", timeout: "300s")

        let limits = ModelClient.limits(of: quick)

        #expect(limits.firstByte == .seconds(30) && limits.total == .seconds(30))
        #expect(limits.idle == .seconds(30) && limits.bodyBytes == 128 << 10)
        #expect(ModelClient.limits(of: slow).idle == .seconds(60))
    }

    @Test("what a server says of its use is believed within reason, and half of it not at all")
    func usage() async throws {
        func usage(_ told: String) throws -> ModelUsage? {
            let end =
                #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":\#(told)}"#
            return try read("openai", [end]).get().usage
        }
        let half = try read(
            "anthropic",
            [
                ModelBench.event("message_start", #""message":{"usage":{"input_tokens":1}}"#),
                Self.stop,
            ]
        )

        let cached = try usage(
            #"{"prompt_tokens":5,"completion_tokens":1,"prompt_cache_hit_tokens":900}"#
        )
        let hidden = try usage(#"{"prompt_tokens":5,"completion_tokens":1,"total_tokens":106}"#)

        #expect(cached == ModelUsage(cached: 5, output: 1))
        #expect(hidden == ModelUsage(input: 5, output: 101))
        #expect(try usage(#"{"prompt_tokens":5}"#) == nil)
        #expect(try half.get().usage == nil)
    }

    @Test("only the first choice counts, a text without words is none, and arguments are objects")
    func odd() async throws {
        let second = #"{"choices":[{"index":1,"delta":{"content":"no"},"finish_reason":"stop"}]}"#
        let call = ModelBench.chunk(
            #"{"tool_calls":[{"index":0,"function":{"name":"a","arguments":"7"}}]}"#,
            #""stop""#
        )
        let empty = try ModelBench.make(replies: [
            ModelBench.json(#"{"content":[{"type":"text","text":""}],"stop_reason":"end_turn"}"#)
        ])
        let refused = try ModelBench.make(
            "openai",
            more: "    attempts: 1",
            replies: [ModelBench.json(#"{"error":{"message":"busy"},"choices":[{"message":{}}]}"#)]
        )

        let answer = try read("openai", [ModelBench.chunk(#"{"content":"yes"}"#), second, call])

        #expect(try answer.get().text == "yes")
        #expect(try answer.get().uses.first?.input == .string("7"))
        #expect(try await empty.ask().get().parts == [])
        #expect(await refused.ask().failure?.code == .serverFailed)
    }
}
