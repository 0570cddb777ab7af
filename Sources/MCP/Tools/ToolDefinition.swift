// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A tool as a server describes it.
///
/// All texts are the server's own and untrusted.
public struct ToolDefinition: Sendable, Hashable {
    /// What a server says of a tool's effects; hints, and no promise.
    public struct Annotations: Sendable, Hashable {
        /// It changes nothing.
        public let isReadOnly: Bool
        /// It may destroy something.
        public let isDestructive: Bool
        /// Calling it twice with the same arguments does no more than calling it once.
        public let isIdempotent: Bool

        init(_ json: JSON?) {
            isReadOnly = json?["readOnlyHint"]?.boolValue ?? false
            isDestructive = json?["destructiveHint"]?.boolValue ?? !isReadOnly
            isIdempotent = json?["idempotentHint"]?.boolValue ?? false
        }
    }

    /// The name: 1 to 128 letters, digits and `_-.`.
    public let name: String
    /// A name for people; nil when there is none.
    public let title: String?
    /// What it does, for models and people.
    public let description: String
    /// The schema of its arguments.
    public let inputSchema: JSON
    /// The schema of its structured result; nil when it promises none.
    public let outputSchema: JSON?
    /// Its effects.
    public let annotations: Annotations
    /// Arguments that HTTP carries in headers as well.
    let headerParameters: [HeaderParameter]
    /// The whole definition as it came.
    public let json: JSON

    /// Whether repeating a call of it does no harm.
    public var mayBeRepeated: Bool { annotations.isReadOnly || annotations.isIdempotent }

    /// What a person accepts: everything but what only decorates.
    public var hash: ContentHash {
        let members = (json.objectValue ?? []).filter { $0.name != "_meta" && $0.name != "icons" }
        return ContentHash(of: JSON.object(members).canonical.compactBytes)
    }

    /// Reads a definition.
    /// - Throws: A ``Fault`` that says what is wrong with it.
    package init(_ json: JSON) throws(Fault) {
        guard let name = json["name"]?.stringValue, Self.isName(name) else {
            throw Fault(Fault.invalidRequest, "a tool's name must be 1 to 128 of A-Z a-z 0-9 _ - .")
        }
        let input = json["inputSchema"] ?? .null
        guard case .object = input, input["type"]?.stringValue == "object" else {
            throw Fault(Fault.invalidRequest, "tool \(name): inputSchema must describe an object")
        }
        self.name = name
        title = json["title"]?.stringValue ?? json["annotations"]?["title"]?.stringValue
        description = json["description"]?.stringValue ?? ""
        inputSchema = input
        outputSchema = json["outputSchema"].flatMap { $0 == .null ? nil : $0 }
        annotations = Annotations(json["annotations"])
        headerParameters = try HeaderParameter.find(in: input, tool: name)
        self.json = json
    }

    /// Whether a text may be the name of a tool.
    static func isName(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                    || byte == 0x5F || byte == 0x2D || byte == 0x2E
            }
    }
}
