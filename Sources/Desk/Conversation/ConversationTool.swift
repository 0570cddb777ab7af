// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A tool that a model may ask to be called.
public struct ConversationTool: Sendable, Hashable {
    /// Its name: 1 to 64 letters, digits, `_` and `-`, as all families take it.
    public let name: String
    /// What it does and when to use it.
    public let description: String
    /// The schema of its arguments, an object.
    public let schema: JSON

    /// Bundles a tool.
    public init(_ name: String, _ description: String, schema: JSON) {
        self.name = name
        self.description = description
        self.schema = schema
    }

    /// Whether a text can name a tool.
    public static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                    || byte == 0x5F || byte == 0x2D
            }
    }

    /// The tool as it passes between an agent and its supervisor.
    public var json: JSON {
        ["name": .string(name), "description": .string(description), "schema": schema]
    }

    /// Reads a tool.
    /// - Throws: A `JSONError` that names the member.
    public init(json: JSON, path: String) throws(JSONError) {
        let fields = try JSONFields(json, path: path)
        let name = try fields.string("name")
        guard Self.isName(name) else {
            throw JSONError(
                "\(path).name: found '\(name.prefix(40))'; allowed are 1 to 64 letters, digits,"
                    + " '_' and '-'"
            )
        }
        self.init(name, try fields.string("description"), schema: try fields.required("schema"))
    }
}
