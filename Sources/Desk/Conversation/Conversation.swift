// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Everything that a model is told: the same for all families of models.
public struct Conversation: Sendable, Hashable {
    /// What the model is to be and to do, in pieces; the same in many conversations, so that
    /// servers can keep it in a cache.
    public var system: [String]
    /// The tools that it may ask for.
    public var tools: [ConversationTool]
    /// What was said, oldest first; the first and the last turn are the user's.
    public var turns: [ConversationTurn]
    /// What the answer must look like; nil when it may be anything.
    public var outputSchema: JSON?

    /// The most turns and tools.
    public static let turnLimit = 256
    /// The most tools.
    public static let toolLimit = 128

    /// Bundles a conversation.
    public init(
        system: [String],
        tools: [ConversationTool] = [],
        turns: [ConversationTurn],
        outputSchema: JSON? = nil
    ) {
        self.system = system
        self.tools = tools
        self.turns = turns
        self.outputSchema = outputSchema
    }

    /// The conversation as it passes between an agent and its supervisor.
    public var json: JSON {
        [
            "system": .array(system.map { .string($0) }), "tools": .array(tools.map(\.json)),
            "turns": .array(turns.map(\.json)), "output": outputSchema ?? .null,
        ]
    }

    /// Reads a conversation and checks that sides alternate, that the user begins and ends, and
    /// that each wanted call has its result in the next turn.
    /// - Throws: A `JSONError` that names the member.
    public init(json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "conversation")
        try fields.allowOnly(["system", "tools", "turns", "output"])
        var tools: [ConversationTool] = []
        for (index, tool) in try fields.array("tools").enumerated() {
            tools.append(try ConversationTool(json: tool, path: "conversation.tools[\(index)]"))
        }
        var turns: [ConversationTurn] = []
        for (index, turn) in try fields.array("turns").enumerated() {
            turns.append(try ConversationTurn(json: turn, path: "conversation.turns[\(index)]"))
        }
        self.init(
            system: try fields.strings("system"),
            tools: tools,
            turns: turns,
            outputSchema: fields.optional("output")
        )
        try check()
    }

    private func check() throws(JSONError) {
        guard tools.count <= Self.toolLimit, Set(tools.map(\.name)).count == tools.count else {
            throw JSONError(
                "conversation.tools: expected at most \(Self.toolLimit), each name once"
            )
        }
        guard (1...Self.turnLimit).contains(turns.count), turns.count % 2 == 1 else {
            throw JSONError(
                "conversation.turns: expected an odd number up to \(Self.turnLimit), the user's"
                    + " first and last"
            )
        }
        var wanted: [String] = []
        for (index, turn) in turns.enumerated() {
            let isUser = index.isMultiple(of: 2)
            guard turn.speaker == (isUser ? .user : .assistant), !turn.parts.isEmpty else {
                throw JSONError("conversation.turns[\(index)]: not the turn of this side, or empty")
            }
            guard turn.results == wanted else {
                throw JSONError(
                    "conversation.turns[\(index)]: expected one result for each call before, in"
                        + " their order"
                )
            }
            wanted = turn.uses
        }
    }
}

extension ConversationTurn {
    fileprivate var results: [String] {
        parts.compactMap { if case .toolResult(let id, _, _) = $0 { id } else { nil } }
    }

    fileprivate var uses: [String] {
        parts.compactMap { if case .toolUse(let id, _, _) = $0 { id } else { nil } }
    }
}
