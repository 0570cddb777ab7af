// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a model has answered.
public struct ModelAnswer: Sendable, Hashable {
    /// What it said, in order.
    public var parts: [ConversationPart]
    /// Why it stopped.
    public var stop: ModelStop
    /// What it used; nil when the server does not say.
    public var usage: ModelUsage?

    /// Bundles an answer.
    public init(_ parts: [ConversationPart], stop: ModelStop, usage: ModelUsage?) {
        self.parts = parts
        self.stop = stop
        self.usage = usage
    }

    /// All words, one piece after the other.
    public var text: String {
        parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }

    /// The calls that it wants, in order.
    public var uses: [(id: String, name: String, input: JSON)] {
        parts.compactMap { part in
            if case .toolUse(let id, let name, let input) = part { (id, name, input) } else { nil }
        }
    }

    /// The answer as it passes between an agent and its supervisor, and as it is recorded.
    public var json: JSON {
        [
            "parts": .array(parts.map(\.json)), "stop": .string(stop.rawValue),
            "usage": usage?.json ?? .null,
        ]
    }

    /// Reads an answer.
    /// - Throws: A `JSONError` that names the member.
    public init(json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "answer")
        var parts: [ConversationPart] = []
        for (index, part) in try fields.array("parts").enumerated() {
            parts.append(try ConversationPart(json: part, path: "answer.parts[\(index)]"))
        }
        let name = try fields.string("stop")
        guard let stop = ModelStop(rawValue: name) else {
            throw JSONError("answer.stop: found '\(name.prefix(40))', which is no reason to stop")
        }
        var usage: ModelUsage?
        if let json = fields.optional("usage") { usage = try ModelUsage(json: json) }
        self.init(parts, stop: stop, usage: usage)
    }
}
