// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Models
import Synchronization
import TestSupport
import Testing

@Suite("Anthropic's Messages")
struct AnthropicTests {
    private static let begin =
        ModelBench.event(
            "message_start",
            #""message":{"usage":{"input_tokens":10,"cache_read_input_tokens":4}}"#
        )
    private static let end = [
        ModelBench.event(
            "message_delta",
            #""delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":20}"#
        ),
        #"{"type":"message_stop"}"#,
    ]
    private static let blocks = [
        ModelBench.event(
            "content_block_start",
            #""index":0,"content_block":{"type":"thinking","thinking":""}"#
        ),
        ModelBench.event(
            "content_block_delta",
            #""index":0,"delta":{"type":"thinking_delta","thinking":"hm"}"#
        ),
        ModelBench.event(
            "content_block_delta",
            #""index":0,"delta":{"type":"signature_delta","signature":"s1"}"#
        ),
        #"{"type":"content_block_stop","index":0}"#,
        #"{"type":"ping"}"#,
        ModelBench.event(
            "content_block_start",
            #""index":1,"content_block":{"type":"text","text":""}"#
        ),
        ModelBench.event(
            "content_block_delta",
            #""index":1,"delta":{"type":"text_delta","text":"Let "}"#
        ),
        ModelBench.event(
            "content_block_delta",
            #""index":1,"delta":{"type":"text_delta","text":"me."}"#
        ),
        ModelBench.event(
            "content_block_start",
            #""index":2,"content_block":{"type":"tool_use","id":"t1","name":"add","input":{}}"#
        ),
        ModelBench.event(
            "content_block_delta",
            #""index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":4"}"#
        ),
        ModelBench.event(
            "content_block_delta",
            #""index":2,"delta":{"type":"input_json_delta","partial_json":"0}"}"#
        ),
        #"{"type":"something_new","x":1}"#,
    ]

    @Test("a streamed answer has its words, its calls, its reasoning as it came, and its usage")
    func stream() async throws {
        let events = [Self.begin] + Self.blocks + Self.end
        let bench = try ModelBench.make(replies: [ModelBench.stream(events, separator: "\r\n")])

        let answer = try await bench.ask().get()

        #expect(
            answer.parts == [
                .opaque(["type": "thinking", "thinking": "hm", "signature": "s1"]),
                .text("Let me."), .toolUse(id: "t1", name: "add", input: ["a": 40]),
            ]
        )
        #expect(answer.stop == .toolUse)
        #expect(answer.usage == ModelUsage(input: 10, cached: 4, output: 20))
    }

    @Test("a whole answer is read alike")
    func whole() async throws {
        let bench = try ModelBench.make(
            more: "    leave_out: [stream]",
            replies: [
                ModelBench.json(
                    #"{"content":[{"type":"text","text":"{}"}],"stop_reason":"end_turn","#
                        + #""usage":{"input_tokens":3,"output_tokens":2}}"#
                )
            ]
        )

        let answer = try await bench.ask().get()

        #expect(
            answer == ModelAnswer([.text("{}")], stop: .finished, usage: .init(input: 3, output: 2))
        )
        #expect(bench.purse.spent == ModelAmount(tokens: 5, money: Decimal8(units: 2600)))
    }

    @Test("a request has model, key, version, marks for the cache, tools, schema and both sides")
    func request() async throws {
        let heard = Mutex("")
        let bench = try ModelBench.make(more: "    version: \"2026-10-21\"") { peer in
            let request = peer.hearRequest()
            heard.withLock { $0 = request }
            peer.say(ModelBench.stream([Self.begin] + Self.end))
        }
        var conversation = ModelBench.question
        conversation.turns += [
            ConversationTurn(
                .assistant,
                [
                    .opaque(["type": "thinking", "thinking": "hm"]),
                    .toolUse(id: "t1", name: "add", input: .string("{broken")),
                ]
            ),
            ConversationTurn(
                .user,
                [.toolResult(id: "t1", text: "no object", isError: true), .text("Again.")]
            ),
        ]

        _ = await bench.ask(conversation)

        let request = heard.withLock { $0 }
        let body = try JSON(parsing: String(request.split(separator: "\r\n\r\n")[1]))
        #expect(request.contains("POST /v1/messages HTTP"))
        #expect(request.lowercased().contains("x-api-key: \(ModelBench.key)\r\n"))
        #expect(request.lowercased().contains("anthropic-version: 2026-10-21\r\n"))
        #expect(body["system"]?.arrayValue?[0]["cache_control"] == nil)
        #expect(body["system"]?.arrayValue?[1]["cache_control"] == ["type": "ephemeral"])
        #expect(body["tools"]?.arrayValue?[0]["input_schema"]?["type"] == "object")
        #expect(body["output_config"]?["format"]?["schema"] == ["type": "object"])
        #expect(body["stream"] == true)
        let messages = try #require(body["messages"]?.arrayValue)
        #expect(
            messages[1]["content"]?.arrayValue == [
                ["type": "thinking", "thinking": "hm"],
                ["type": "tool_use", "id": "t1", "name": "add", "input": ["arguments": "{broken"]],
            ]
        )
        #expect(messages[2]["content"]?.arrayValue?[0]["is_error"] == true)
        #expect(messages[2]["content"]?.arrayValue?[1]["cache_control"] != nil)
    }

    @Test("what a model is told to leave out is not sent, and what it wants more is")
    func leftOut() async throws {
        let heard = Mutex("")
        let more = """
                leave_out: [stream, tools, output_schema, cache]
                extra: {thinking: {type: adaptive}}
            """
        let bench = try ModelBench.make(more: more) { peer in
            let request = peer.hearRequest()
            heard.withLock { $0 = request }
            peer.say(ModelBench.json(#"{"content":[]}"#))
        }

        let answer = try await bench.ask().get()

        let body = String(heard.withLock { $0 }.split(separator: "\r\n\r\n")[1])
        let names = try JSON(parsing: body).objectValue?.map(\.name)
        #expect(names == ["model", "max_tokens", "system", "messages", "thinking"])
        #expect(!body.contains("cache_control"))
        #expect(answer.stop == .unknown)
        // The server does not say what was used, so all of it is taken for used.
        #expect(bench.purse.spent.tokens > 4096)
    }

    @Test(
        "each reason to stop has its name",
        arguments: [
            ("end_turn", ModelStop.finished), ("max_tokens", .mostTokens), ("refusal", .refused),
            ("stop_sequence", .stopSequence), ("pause_turn", .paused),
            ("model_context_window_exceeded", .contextFull), ("new_reason", .unknown),
        ]
    )
    func stops(name: String, stop: ModelStop) async throws {
        let body = #"{"content":[{"type":"text","text":"x"}],"stop_reason":"\#(name)"}"#
        let bench = try ModelBench.make(replies: [ModelBench.json(body)])

        #expect(try await bench.ask().get().stop == stop)
    }
}
