// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The arguments of a call as servers write them: a text that should be a JSON object.
enum ToolInput {
    /// The object; the text itself when it is none, so that whoever runs the tool can say so.
    static func parse(_ text: String) -> JSON {
        guard text.contains(where: { !$0.isWhitespace }) else { return .object([]) }
        // What cannot be read is told to the model as its own text.
        guard let value = try? JSON(parsing: text), case .object = value else {
            return .string(text)
        }
        return value
    }

    /// The object to send back where only an object is taken.
    static func object(_ input: JSON) -> JSON {
        if case .object = input { return input }
        return ["arguments": input]
    }

    /// The text to send back.
    static func text(_ input: JSON) -> String { input.stringValue ?? input.compactText }
}
