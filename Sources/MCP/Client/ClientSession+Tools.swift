// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension ClientSession {
    /// The tools of a server.
    public struct ToolList: Sendable {
        /// In the server's order, names given once.
        public let tools: [ToolDefinition]
        /// How long the server says that the list holds; nil when it does not say.
        public let lifetime: Duration?
    }

    /// Fetches all tools; what is not well formed is left out and noted.
    /// - Throws: An ``MCPError``; `notOffered` when the server has no tools.
    public func fetchTools() async throws(MCPError) -> ToolList {
        try require("tools", "list tools")
        let (entries, lifetime) = try await fetchAll("tools/list", "tools")
        var tools: [ToolDefinition] = []
        var names: Set<String> = []
        for entry in entries {
            do throws(Fault) {
                let tool = try ToolDefinition(entry)
                guard names.insert(tool.name).inserted else {
                    throw Fault(Fault.invalidRequest, "tool \(tool.name) is listed twice")
                }
                tools.append(tool)
            } catch {
                inbox.note(.oddity(error.message))
            }
        }
        return ToolList(tools: tools, lifetime: lifetime)
    }

    /// Calls a tool once; nothing is repeated here.
    /// - Parameters:
    ///   - tool: The tool as the server lists it.
    ///   - arguments: An object; checked against the tool's schema before anything is sent.
    ///   - limits: How long it may take; nil for the session's own.
    ///   - onProgress: Told each rise of the progress.
    /// - Returns: What the tool gave back, a failure of its own included.
    /// - Throws: An ``MCPError``; `mayHaveArrived` means that the tool may have done its work.
    public func call(
        _ tool: ToolDefinition,
        _ arguments: JSON,
        limits: CallLimits? = nil,
        onProgress: (@Sendable (Progress) -> Void)? = nil
    ) async throws(MCPError) -> ToolResult {
        let operation = "call \(tool.name)"
        let fault = SchemaCheck.fault(of: arguments, in: tool.inputSchema, named: "arguments")
        if let fault { throw MCPError(.invalidArgument, operation, fault) }
        let answer = try await call(
            "tools/call",
            ["name": .string(tool.name), "arguments": arguments],
            limits: limits,
            headers: peer.revision.isStateless
                ? HeaderParameter.headers(tool.headerParameters, arguments) : [],
            isRepeatable: tool.mayBeRepeated,
            onProgress: onProgress
        )
        let result: ToolResult
        do throws(Fault) {
            result = try ToolResult(answer)
        } catch {
            throw MCPError(.malformed, operation, error.message, mayHaveArrived: true)
        }
        guard let schema = tool.outputSchema, !result.isError else { return result }
        guard let structured = result.structured else {
            throw MCPError(
                .malformed,
                operation,
                "the structured result that its schema promises is missing",
                mayHaveArrived: true
            )
        }
        if let fault = SchemaCheck.fault(of: structured, in: schema, named: "result") {
            throw MCPError(.malformed, operation, fault, mayHaveArrived: true)
        }
        return result
    }
}
