// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A tool that this program offers.
public struct ServerTool: Sendable {
    /// What a tool does to the world.
    public enum Effect: Sendable, Hashable {
        /// It only looks.
        case reads
        /// It changes something; doing it twice with the same arguments changes no more.
        case writesOnce
        /// It changes something each time.
        case writes
    }

    /// How the tool is described to callers.
    public let definition: ToolDefinition
    let run: @Sendable (JSON) async throws -> ToolResult

    /// Describes a tool.
    /// - Parameters:
    ///   - name: The name: 1 to 128 of `A-Z a-z 0-9 _ - .`
    ///   - title: A name for people.
    ///   - description: What it does, for models.
    ///   - effect: What it does to the world.
    ///   - arguments: The schemas of its arguments, by name.
    ///   - required: Those that must be given.
    ///   - output: The members of its structured result; nil when it gives text only.
    ///   - run: Does it, with arguments that fit the schema. What it throws becomes the text of a
    ///     failed result.
    /// - Throws: A ``Fault`` when the description is not well formed.
    public init(
        _ name: String,
        title: String,
        description: String,
        effect: Effect,
        arguments: [JSON.Member] = [],
        required: [String] = [],
        output: [JSON.Member]? = nil,
        run: @escaping @Sendable (JSON) async throws -> ToolResult
    ) throws(Fault) {
        var members: [JSON.Member] = [
            .init("name", .string(name)), .init("title", .string(title)),
            .init("description", .string(description)),
            .init("inputSchema", Self.schema(arguments, required, isClosed: true)),
        ]
        if let output {
            members.append(.init("outputSchema", Self.schema(output, output.map(\.name))))
        }
        members.append(
            .init(
                "annotations",
                [
                    "readOnlyHint": .bool(effect == .reads), "destructiveHint": false,
                    "idempotentHint": .bool(effect != .writes), "openWorldHint": false,
                ]
            )
        )
        definition = try ToolDefinition(.object(members))
        self.run = run
    }

    /// Passes on a tool of another server under a name of its own.
    /// - Parameters:
    ///   - tool: The tool as that server describes it; its texts stay that server's.
    ///   - name: The name under which callers see it.
    ///   - run: Calls it.
    /// - Throws: A ``Fault`` when the name cannot be a tool's.
    public init(
        passing tool: ToolDefinition,
        as name: String,
        run: @escaping @Sendable (JSON) async throws -> ToolResult
    ) throws(Fault) {
        let members = (tool.json.objectValue ?? []).map { member in
            member.name == "name" ? JSON.Member("name", .string(name)) : member
        }
        definition = try ToolDefinition(.object(members))
        self.run = run
    }

    private static func schema(
        _ members: [JSON.Member],
        _ required: [String],
        isClosed: Bool = false
    ) -> JSON {
        var schema: [JSON.Member] = [
            .init("type", "object"), .init("properties", .object(members)),
        ]
        if !required.isEmpty {
            schema.append(.init("required", .array(required.map { .string($0) })))
        }
        if isClosed { schema.append(.init("additionalProperties", false)) }
        return .object(schema)
    }
}
