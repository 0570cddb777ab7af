// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Models
import Synchronization
import TestSupport
import Testing

@Suite("Chat Completions")
struct ChatTests {
    private static let pieces = [
        ModelBench.chunk(#"{"role":"assistant","content":"Let "}"#),
        ModelBench.chunk(#"{"content":"me.","reasoning_content":"hm"}"#),
        ModelBench.chunk(
            #"{"tool_calls":[{"index":0,"id":"c","function":{"name":"add","arguments":"{\"a\""}}]}"#
        ),
        ModelBench.chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":":40}"}}]}"#),
        ModelBench.chunk(
            #"{"tool_calls":[{"index":1,"function":{"name":"add","arguments":"{"}}]}"#
        ),
        ModelBench.chunk(#"{}"#, #""stop""#),
        #"{"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":10,"completion_tokens":5,"#
            + #""prompt_tokens_details":{"cached_tokens":4}}}"#,
    ]

    @Test("a streamed answer joins its pieces, makes ids that are missing, and keeps bad arguments")
    func stream() async throws {
        let bench = try ModelBench.make(
            "openai",
            replies: [ModelBench.stream(Self.pieces + ["[DONE]"])]
        )

        let answer = try await bench.ask().get()

        #expect(
            answer.parts == [
                .opaque(["reasoning_content": "hm"]), .text("Let me."),
                .toolUse(id: "c", name: "add", input: ["a": 40]),
                .toolUse(id: "call_1", name: "add", input: "{"),
            ]
        )
        #expect(answer.stop == .toolUse)
        #expect(answer.usage == ModelUsage(input: 6, cached: 4, output: 5))
    }

    @Test("an answer is taken without a last mark, and not without a reason to stop")
    func endings() async throws {
        let good = try ModelBench.make("openai", replies: [ModelBench.stream(Self.pieces)])
        let cut = try ModelBench.make(
            "openai",
            more: "    attempts: 1",
            replies: [ModelBench.stream(Array(Self.pieces.prefix(4)))]
        )

        let whole = await good.ask()
        let half = await cut.ask()

        #expect(try whole.get().stop == .toolUse)
        #expect(half.failure?.code == .disconnected)
        #expect(cut.purse.spent.tokens > 4096)
    }

    @Test("a request has its tools, schema and results as messages of their own")
    func request() async throws {
        let heard = Mutex("")
        let bench = try ModelBench.make("openai", more: "    tokens_field: max_tokens") { peer in
            let request = peer.hearRequest()
            heard.withLock { $0 = request }
            peer.say(ModelBench.stream(Self.pieces))
        }
        var conversation = ModelBench.question
        conversation.turns += [
            ConversationTurn(
                .assistant,
                [
                    .opaque(["reasoning_content": "hm"]), .text("Let me."),
                    .toolUse(id: "c1", name: "add", input: ["a": 40]),
                ]
            ),
            ConversationTurn(
                .user,
                [.toolResult(id: "c1", text: "42", isError: false), .text("Go on.")]
            ),
        ]

        _ = await bench.ask(conversation)

        let request = heard.withLock { $0 }
        let body = try JSON(parsing: String(request.split(separator: "\r\n\r\n")[1]))
        let messages = try #require(body["messages"]?.arrayValue)
        #expect(request.contains("POST /v1/chat/completions HTTP"))
        #expect(request.lowercased().contains("authorization: bearer \(ModelBench.key)\r\n"))
        #expect(
            messages.map { $0["role"]?.stringValue } == [
                "system", "user", "assistant", "tool", "user",
            ]
        )
        #expect(messages[2]["reasoning_content"] == "hm")
        #expect(
            messages[2]["tool_calls"]?.arrayValue?[0]["function"]?["arguments"] == #"{"a":40}"#
        )
        #expect(body["max_tokens"] == 4096)
        #expect(body["response_format"]?["json_schema"]?["strict"] == true)
        #expect(body["stream_options"]?["include_usage"] == true)
    }

    @Test(
        "whole answers of all kinds of servers are read",
        arguments: [
            (#"{"content":null,"refusal":"no"},"finish_reason":"stop""#, ModelStop.refused, "no"),
            (#"{"content":[{"type":"text","text":"hi"}]},"finish_reason":"stop""#, .finished, "hi"),
            (#"{"content":"hi"},"finish_reason":"length""#, .mostTokens, "hi"),
            (#"{"content":"hi"},"finish_reason":"content_filter""#, .refused, "hi"),
            (#"{"content":"hi"}"#, .unknown, "hi"),
            (
                #"{"tool_calls":[{"function":{"name":"add","arguments":{"a":1}}}]},"#
                    + #""finish_reason":"stop""#,
                .toolUse, ""
            ),
        ]
    )
    func whole(message: String, stop: ModelStop, text: String) async throws {
        let body = #"{"choices":[{"message":\#(message)}]}"#
        let bench = try ModelBench.make("openai", replies: [ModelBench.json(body)])

        let answer = try await bench.ask().get()

        #expect(answer.stop == stop)
        #expect(answer.text == text)
        #expect(answer.usage == nil)
    }

    @Test(
        "an address is joined once, whatever it ends with",
        arguments: [
            ("http://127.0.0.1:9", "/v1/chat/completions"),
            ("http://127.0.0.1:9/v1/", "/v1/chat/completions"),
            ("http://127.0.0.1:9/beta/openai", "/beta/openai/chat/completions"),
        ]
    )
    func address(url: String, path: String) async throws {
        let heard = Mutex("")
        let bench = try ModelBench.make("openai", more: "    attempts: 1", url: url) { peer in
            let request = peer.hearRequest()
            heard.withLock { $0 = request }
            peer.say(ModelBench.stream(Self.pieces))
        }

        _ = await bench.ask()

        #expect(heard.withLock { $0 }.hasPrefix("POST \(path) HTTP"))
    }
}

extension Result {
    /// The error, if it is one.
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
