// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One piece of what is said in a conversation with a model.
public enum ConversationPart: Sendable, Hashable {
    /// Words.
    case text(String)
    /// The model wants a tool to be called; its id links the result to it.
    case toolUse(id: String, name: String, input: JSON)
    /// What came of a call.
    case toolResult(id: String, text: String, isError: Bool)
    /// A block of the model's own, such as its reasoning, that goes back as it came.
    case opaque(JSON)

    /// The part as it passes between an agent and its supervisor.
    public var json: JSON {
        switch self {
        case .text(let text): ["text": .string(text)]
        case .toolUse(let id, let name, let input):
            ["tool_use": .string(id), "name": .string(name), "input": input]
        case .toolResult(let id, let text, let isError):
            ["tool_result": .string(id), "text": .string(text), "error": .bool(isError)]
        case .opaque(let block): ["opaque": block]
        }
    }

    /// Reads a part.
    /// - Throws: A `JSONError` that names the member.
    public init(json: JSON, path: String) throws(JSONError) {
        let fields = try JSONFields(json, path: path)
        switch fields.names {
        case ["text"]: self = .text(try fields.string("text"))
        case ["input", "name", "tool_use"]:
            self = .toolUse(
                id: try fields.string("tool_use"),
                name: try fields.string("name"),
                input: json["input"] ?? .null
            )
        case ["error", "text", "tool_result"]:
            self = .toolResult(
                id: try fields.string("tool_result"),
                text: try fields.string("text"),
                isError: try fields.bool("error")
            )
        case ["opaque"]: self = .opaque(json["opaque"] ?? .null)
        default: throw JSONError("\(path): no part of a conversation")
        }
    }
}
