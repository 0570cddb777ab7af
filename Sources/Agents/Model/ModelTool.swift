// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// Something that a model can have done in its agent's turn.
protocol ModelTool {
    /// What the model is told of it.
    var definition: ConversationTool { get }

    /// Does it.
    /// - Throws: Why it cannot be done, which the model is told.
    func run(_ input: JSONFields) throws -> String
}

extension ConversationTool {
    /// A tool whose arguments are named texts, all of which must be given.
    static func texts(
        _ name: String,
        _ description: String,
        _ arguments: [(name: String, description: String)]
    ) -> ConversationTool {
        let members = arguments.map { argument in
            JSON.Member(
                argument.name,
                ["type": "string", "description": .string(argument.description)]
            )
        }
        return ConversationTool(
            name,
            description,
            schema: .closedObject(members)
        )
    }
}

extension JSON {
    /// The schema of an object that has exactly these members.
    static func closedObject(_ members: [Member]) -> JSON {
        [
            "type": "object", "properties": .object(members),
            "required": .array(members.map { .string($0.name) }), "additionalProperties": false,
        ]
    }
}
