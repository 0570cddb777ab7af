// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// An answer of Anthropic's Messages as its events come.
struct AnthropicStream: AnswerStream {
    fileprivate struct Block {
        var start: JSON
        var text = ""
        var input = ""
        var signature = ""
    }

    private var size: AnswerSize
    private var blocks: [Int: Block] = [:]
    private var stop: String?
    private var usage: [String: JSON] = [:]
    private var hasBegun = false
    private(set) var isWhole = false

    init(limitBytes: Int) {
        size = AnswerSize(limitBytes: limitBytes)
    }

    mutating func take(_ data: [UInt8]) throws(ModelError) {
        let event = try Self.value(data)
        switch event["type"]?.stringValue {
        case "message_start":
            guard !hasBegun else {
                throw ModelError(.malformed, "the answer begins twice", mayHaveCost: true)
            }
            hasBegun = true
            note(event["message"]?["usage"])
        case "content_block_start":
            let start = event["content_block"] ?? .object([])
            try size.add(start.compactText)
            blocks[try index(event)] = Block(start: start)
            try AnswerSize.check(blocks: blocks.count)
        case "content_block_delta": try take(delta: event["delta"] ?? .null, try index(event))
        case "message_delta":
            stop = event["delta"]?["stop_reason"]?.stringValue ?? stop
            note(event["usage"])
        case "message_stop": isWhole = true
        case "error": throw ErrorReply.inStream(event["error"])
        // Pings, ends of blocks, and what is not known yet.
        default: break
        }
    }

    private func index(_ event: JSON) throws(ModelError) -> Int {
        guard let index = event["index"]?.intValue, index >= 0 else {
            throw ModelError(.malformed, "a block has no index", mayHaveCost: true)
        }
        return index
    }

    private mutating func take(delta: JSON, _ index: Int) throws(ModelError) {
        guard blocks[index] != nil else {
            throw ModelError(.malformed, "a piece belongs to no block", mayHaveCost: true)
        }
        for member in delta.objectValue ?? [] {
            guard let piece = member.value.stringValue else { continue }
            switch member.name {
            case "text", "thinking": blocks[index]?.text += piece
            case "partial_json": blocks[index]?.input += piece
            case "signature": blocks[index]?.signature += piece
            // Its type, and what is not known yet.
            default: continue
            }
            try size.add(piece)
        }
    }

    /// Usage is told again and again, each time as it stands.
    private mutating func note(_ told: JSON?) {
        for member in told?.objectValue ?? [] where member.value != .null {
            usage[member.name] = member.value
        }
    }

    func answer() throws(ModelError) -> ModelAnswer {
        guard isWhole, hasBegun else {
            throw ModelError(
                .disconnected,
                "the stream ended before the answer did",
                mayHaveCost: true
            )
        }
        let parts = blocks.keys.sorted().compactMap { index in
            blocks[index].flatMap { AnthropicWire.part($0.json, at: index) }
        }
        let told = JSON.object(usage.keys.sorted().map { .init($0, usage[$0] ?? .null) })
        return ModelAnswer(
            parts,
            stop: AnthropicWire.stop(stop, parts),
            usage: AnthropicWire.usage(told)
        )
    }
}

extension AnthropicStream.Block {
    /// The block with all of its pieces.
    fileprivate var json: JSON {
        switch start["type"]?.stringValue {
        case "text": return with("text", .string((start["text"]?.stringValue ?? "") + text))
        case "tool_use": return input.isEmpty ? start : with("input", ToolInput.parse(input))
        case "thinking":
            let whole = with("thinking", .string((start["thinking"]?.stringValue ?? "") + text))
            guard !signature.isEmpty else { return whole }
            return Self(start: whole).with("signature", .string(signature))
        default: return start
        }
    }

    private func with(_ name: String, _ value: JSON) -> JSON {
        let others = (start.objectValue ?? []).filter { $0.name != name }
        return .object(others + [.init(name, value)])
    }
}
