// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import HTTP

/// Chat Completions, as OpenAI and many others have it.
struct ChatWire: ModelWire {
    private let model: ModelConfiguration

    init(_ model: ModelConfiguration) {
        self.model = model
    }

    var url: String {
        // An address without a path means the usual one; one with a path is taken as it is.
        let place = model.url.split(separator: "/", omittingEmptySubsequences: true)
        return "\(model.url)\(place.count > 2 ? "" : "/v1")/chat/completions"
    }

    let headers: [HTTPHeader] = []

    func body(of conversation: Conversation) -> JSON {
        var messages: [JSON] = []
        if !conversation.system.isEmpty {
            let text = conversation.system.joined(separator: "\n\n")
            messages.append(["role": "system", "content": .string(text)])
        }
        for turn in conversation.turns { messages += Self.messages(turn) }
        var members: [JSON.Member] = [
            .init("model", .string(model.model)), .init("messages", .array(messages)),
        ]
        if !model.leavesOut.contains(.maxTokens) {
            members.append(.init(model.tokensField, .int(Int64(model.maxTokens))))
        }
        if !conversation.tools.isEmpty, !model.leavesOut.contains(.tools) {
            members.append(.init("tools", .array(conversation.tools.map(Self.tool))))
        }
        if let schema = conversation.outputSchema, !model.leavesOut.contains(.outputSchema) {
            var format: [JSON.Member] = [.init("name", "answer"), .init("schema", schema)]
            if !model.leavesOut.contains(.strict) { format.append(.init("strict", true)) }
            members.append(
                .init("response_format", ["type": "json_schema", "json_schema": .object(format)])
            )
        }
        if !model.leavesOut.contains(.stream) {
            members.append(.init("stream", true))
            if !model.leavesOut.contains(.streamUsage) {
                members.append(.init("stream_options", ["include_usage": true]))
            }
        }
        return .object(members + model.extra)
    }

    private static func tool(_ tool: ConversationTool) -> JSON {
        [
            "type": "function",
            "function": [
                "name": .string(tool.name), "description": .string(tool.description),
                "parameters": tool.schema,
            ],
        ]
    }

    /// The messages of a turn: results of tools are messages of their own.
    private static func messages(_ turn: ConversationTurn) -> [JSON] {
        var messages: [JSON] = []
        var texts: [String] = []
        var calls: [JSON] = []
        var further: [JSON.Member] = []
        for part in turn.parts {
            switch part {
            case .text(let text): texts.append(text)
            case .toolUse(let id, let name, let input):
                calls.append([
                    "id": .string(id), "type": "function",
                    "function": [
                        "name": .string(name), "arguments": .string(ToolInput.text(input)),
                    ],
                ])
            case .toolResult(let id, let text, let isError):
                let content = isError ? "error: \(text)" : text
                messages.append([
                    "role": "tool", "tool_call_id": .string(id), "content": .string(content),
                ])
            case .opaque(let block): further += block.objectValue ?? []
            }
        }
        guard !texts.isEmpty || !calls.isEmpty else { return messages }
        let text = texts.joined(separator: "\n")
        var members: [JSON.Member] = [
            .init("role", .string(turn.speaker.rawValue)),
            .init("content", texts.isEmpty ? .null : .string(text)),
        ]
        if !calls.isEmpty { members.append(.init("tool_calls", .array(calls))) }
        return messages + [.object(members + further)]
    }

    func answer(_ json: JSON) throws(ModelError) -> ModelAnswer {
        if let error = json["error"], error != .null { throw ErrorReply.inStream(error) }
        guard let choice = json["choices"]?.arrayValue?.first,
            let message = choice["message"], case .object = message
        else { throw ModelError(.malformed, "the reply has no message", mayHaveCost: true) }
        var draft = ChatDraft()
        draft.text = Self.text(message["content"])
        draft.refusal = message["refusal"]?.stringValue ?? ""
        draft.reasoning = message["reasoning_content"]?.stringValue ?? ""
        let calls = message["tool_calls"]?.arrayValue ?? []
        try AnswerSize.check(blocks: calls.count)
        for call in calls {
            let arguments = call["function"]?["arguments"] ?? .null
            draft.calls.append(
                .init(
                    id: call["id"]?.stringValue,
                    name: call["function"]?["name"]?.stringValue ?? "",
                    arguments: arguments == .null ? "" : ToolInput.text(arguments)
                )
            )
        }
        draft.finish = choice["finish_reason"]?.stringValue
        draft.usage = json["usage"]
        return draft.answer
    }

    func makeStream(limitBytes: Int) -> any AnswerStream { ChatStream(limitBytes: limitBytes) }

    /// The words of a content, which is a text, a list of blocks, or not there.
    static func text(_ content: JSON?) -> String {
        if let text = content?.stringValue { return text }
        return (content?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined()
    }
}
