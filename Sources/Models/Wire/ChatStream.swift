// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// An answer of Chat Completions as its pieces come.
struct ChatStream: AnswerStream {
    private var size: AnswerSize
    private var draft = ChatDraft()
    /// The places of calls by the index that pieces name.
    private var places: [Int: Int] = [:]
    private(set) var isWhole = false

    init(limitBytes: Int) {
        size = AnswerSize(limitBytes: limitBytes)
    }

    mutating func take(_ data: [UInt8]) throws(ModelError) {
        guard !data.elementsEqual("[DONE]".utf8) else {
            isWhole = true
            return
        }
        let chunk = try Self.value(data)
        if let error = chunk["error"], error != .null { throw ErrorReply.inStream(error) }
        if let usage = chunk["usage"], usage != .null { draft.usage = usage }
        for choice in chunk["choices"]?.arrayValue ?? [] where (choice["index"]?.intValue ?? 0) == 0
        {
            try take(delta: choice["delta"] ?? .null)
            if let finish = choice["finish_reason"]?.stringValue { draft.finish = finish }
        }
    }

    private mutating func take(delta: JSON) throws(ModelError) {
        let text = ChatWire.text(delta["content"])
        let refusal = delta["refusal"]?.stringValue ?? ""
        let reasoning = delta["reasoning_content"]?.stringValue ?? ""
        for piece in [text, refusal, reasoning] { try size.add(piece) }
        draft.text += text
        draft.refusal += refusal
        draft.reasoning += reasoning
        for call in delta["tool_calls"]?.arrayValue ?? [] { try take(call: call) }
    }

    private mutating func take(call: JSON) throws(ModelError) {
        let index = call["index"]?.intValue ?? places.count
        let place = places[index] ?? draft.calls.count
        if places[index] == nil {
            places[index] = place
            draft.calls.append(.init(id: nil, name: "", arguments: ""))
            try AnswerSize.check(blocks: draft.calls.count)
        }
        if let id = call["id"]?.stringValue, !id.isEmpty { draft.calls[place].id = id }
        let name = call["function"]?["name"]?.stringValue ?? ""
        let arguments = call["function"]?["arguments"] ?? .null
        let piece = arguments == .null ? "" : ToolInput.text(arguments)
        try size.add(name + piece)
        draft.calls[place].name += name
        draft.calls[place].arguments += piece
    }

    func answer() throws(ModelError) -> ModelAnswer {
        // Not all servers say that they have done, but none leaves out why it stopped.
        guard draft.finish != nil else {
            throw ModelError(
                .disconnected,
                "the stream ended before the answer did",
                mayHaveCost: true
            )
        }
        return draft.answer
    }
}
