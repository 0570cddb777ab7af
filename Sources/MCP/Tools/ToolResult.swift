// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a tool gave back.
///
/// All of it is the server's own and untrusted.
public struct ToolResult: Sendable, Hashable {
    /// The blocks of the answer in their order, of known kinds and others, as they came.
    public let content: [JSON]
    /// The answer as a value; nil when there is none.
    public let structured: JSON?
    /// Whether the tool says that it failed.
    public let isError: Bool

    /// Bundles a result.
    public init(content: [JSON], structured: JSON? = nil, isError: Bool = false) {
        self.content = content
        self.structured = structured
        self.isError = isError
    }

    /// A result of one text.
    public init(text: String, structured: JSON? = nil, isError: Bool = false) {
        let block: JSON = ["type": "text", "text": .string(text)]
        self.init(content: [block], structured: structured, isError: isError)
    }

    /// The texts of all blocks, one after the other; other blocks are named by their kind.
    public var text: String {
        content.map { block in
            if let text = block["text"]?.stringValue { return text }
            if let text = block["resource"]?["text"]?.stringValue { return text }
            return "[\((block["type"]?.stringValue ?? "block").prefix(40))]"
        }.joined(separator: "\n")
    }

    /// Reads the result of a call.
    init(_ result: JSON) throws(Fault) {
        let blocks = result["content"] ?? .array([])
        guard let content = blocks.arrayValue,
            content.allSatisfy({ $0["type"]?.stringValue != nil })
        else { throw Fault(Fault.invalidRequest, "content must be a list of blocks with a type") }
        self.content = content
        structured = result["structuredContent"]
        isError = result["isError"]?.boolValue ?? false
    }

    /// The result as it travels.
    var members: [JSON.Member] {
        var members: [JSON.Member] = [.init("content", .array(content))]
        if let structured { members.append(.init("structuredContent", structured)) }
        if isError { members.append(.init("isError", true)) }
        return members
    }
}
