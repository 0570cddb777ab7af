// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What one side says before the other speaks again.
public struct ConversationTurn: Sendable, Hashable {
    /// Who speaks.
    public enum Speaker: String, Sendable, Hashable {
        /// The agent, with results of tools and with what it asks.
        case user
        /// The model.
        case assistant
    }

    /// Who speaks.
    public let speaker: Speaker
    /// What is said, in order.
    public let parts: [ConversationPart]

    /// Bundles a turn.
    public init(_ speaker: Speaker, _ parts: [ConversationPart]) {
        self.speaker = speaker
        self.parts = parts
    }

    /// The turn as it passes between an agent and its supervisor.
    public var json: JSON {
        ["speaker": .string(speaker.rawValue), "parts": .array(parts.map(\.json))]
    }

    /// Reads a turn.
    /// - Throws: A `JSONError` that names the member.
    public init(json: JSON, path: String) throws(JSONError) {
        let fields = try JSONFields(json, path: path)
        let name = try fields.string("speaker")
        guard let speaker = Speaker(rawValue: name) else {
            throw JSONError(
                "\(path).speaker: found '\(name.prefix(40))'; allowed are user and"
                    + " assistant"
            )
        }
        var parts: [ConversationPart] = []
        for (index, part) in try fields.array("parts").enumerated() {
            parts.append(try ConversationPart(json: part, path: "\(path).parts[\(index)]"))
        }
        self.init(speaker, parts)
    }
}
