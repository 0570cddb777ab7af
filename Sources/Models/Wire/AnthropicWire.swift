// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import HTTP

/// Anthropic's Messages.
struct AnthropicWire: ModelWire {
    private let model: ModelConfiguration

    init(_ model: ModelConfiguration) {
        self.model = model
    }

    var url: String {
        model.url.hasSuffix("/v1") ? "\(model.url)/messages" : "\(model.url)/v1/messages"
    }

    var headers: [HTTPHeader] { [HTTPHeader("anthropic-version", model.version)] }

    func body(of conversation: Conversation) -> JSON {
        let caches = !model.leavesOut.contains(.cache)
        var members: [JSON.Member] = [
            .init("model", .string(model.model)),
            .init("max_tokens", .int(Int64(model.maxTokens))),
        ]
        if !conversation.system.isEmpty {
            let last = conversation.system.count - 1
            let blocks = conversation.system.enumerated().map { index, text in
                Self.block(text, isCached: caches && index == last)
            }
            members.append(.init("system", .array(blocks)))
        }
        if !conversation.tools.isEmpty, !model.leavesOut.contains(.tools) {
            let tools = conversation.tools.map { tool -> JSON in
                [
                    "name": .string(tool.name), "description": .string(tool.description),
                    "input_schema": tool.schema,
                ]
            }
            members.append(.init("tools", .array(tools)))
        }
        let last = conversation.turns.count - 1
        let turns = conversation.turns.enumerated().map { index, turn in
            Self.message(turn, isCached: caches && index == last)
        }
        members.append(.init("messages", .array(turns)))
        if let schema = conversation.outputSchema, !model.leavesOut.contains(.outputSchema) {
            members.append(
                .init("output_config", ["format": ["type": "json_schema", "schema": schema]])
            )
        }
        if !model.leavesOut.contains(.stream) { members.append(.init("stream", true)) }
        return .object(members + model.extra)
    }

    private static func message(_ turn: ConversationTurn, isCached: Bool) -> JSON {
        var blocks = turn.parts.map(block)
        if isCached, let last = blocks.last?.objectValue {
            blocks[blocks.count - 1] = .object(last + [cacheMark])
        }
        return ["role": .string(turn.speaker.rawValue), "content": .array(blocks)]
    }

    private static let cacheMark = JSON.Member("cache_control", ["type": "ephemeral"])

    private static func block(_ text: String, isCached: Bool) -> JSON {
        let members: [JSON.Member] = [.init("type", "text"), .init("text", .string(text))]
        return .object(members + (isCached ? [cacheMark] : []))
    }

    private static func block(_ part: ConversationPart) -> JSON {
        switch part {
        case .text(let text): block(text, isCached: false)
        case .toolUse(let id, let name, let input):
            [
                "type": "tool_use", "id": .string(id), "name": .string(name),
                "input": ToolInput.object(input),
            ]
        case .toolResult(let id, let text, let isError):
            [
                "type": "tool_result", "tool_use_id": .string(id), "content": .string(text),
                "is_error": .bool(isError),
            ]
        case .opaque(let block): block
        }
    }

    func answer(_ json: JSON) throws(ModelError) -> ModelAnswer {
        guard let content = json["content"]?.arrayValue else {
            throw ModelError(.malformed, "the reply has no content", mayHaveCost: true)
        }
        try AnswerSize.check(blocks: content.count)
        let parts = content.enumerated().compactMap { Self.part($1, at: $0) }
        return ModelAnswer(
            parts,
            stop: Self.stop(json["stop_reason"]?.stringValue, parts),
            usage: Self.usage(json["usage"])
        )
    }

    func makeStream(limitBytes: Int) -> any AnswerStream { AnthropicStream(limitBytes: limitBytes) }

    /// A block of an answer; nil for a text without words, which servers do not take back.
    static func part(_ block: JSON, at index: Int) -> ConversationPart? {
        switch block["type"]?.stringValue {
        case "text":
            let text = block["text"]?.stringValue ?? ""
            return text.isEmpty ? nil : .text(text)
        case "tool_use":
            return .toolUse(
                id: block["id"]?.stringValue ?? "call_\(index)",
                name: block["name"]?.stringValue ?? "",
                input: block["input"] ?? .object([])
            )
        default: return .opaque(block)
        }
    }

    static func stop(_ name: String?, _ parts: [ConversationPart]) -> ModelStop {
        switch name {
        case "end_turn": .finished
        case "max_tokens": .mostTokens
        case "stop_sequence": .stopSequence
        case "tool_use": .toolUse
        case "pause_turn": .paused
        case "refusal": .refused
        case "model_context_window_exceeded": .contextFull
        default: parts.contains(where: \.isToolUse) ? .toolUse : .unknown
        }
    }

    /// What was used; nil when input or output is missing.
    static func usage(_ json: JSON?) -> ModelUsage? {
        guard let input = json?["input_tokens"]?.intValue,
            let output = json?["output_tokens"]?.intValue
        else { return nil }
        return ModelUsage(
            input: input,
            cached: json?["cache_read_input_tokens"]?.intValue ?? 0,
            written: json?["cache_creation_input_tokens"]?.intValue ?? 0,
            output: output
        )
    }
}

extension ConversationPart {
    /// Whether it wants a tool to be called.
    var isToolUse: Bool {
        if case .toolUse = self { true } else { false }
    }
}
