// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension ClientSession {
    /// Fetches what can be read: objects with at least `uri` and `name`.
    /// - Throws: An ``MCPError``.
    public func fetchResources() async throws(MCPError) -> [JSON] {
        try require("resources", "list resources")
        return try await fetchAll("resources/list", "resources").entries
    }

    /// Fetches patterns of addresses that can be read: objects with `uriTemplate` and `name`.
    /// - Throws: An ``MCPError``.
    public func fetchResourceTemplates() async throws(MCPError) -> [JSON] {
        try require("resources", "list resource templates")
        return try await fetchAll("resources/templates/list", "resourceTemplates").entries
    }

    /// Reads a resource: objects with `uri` and `text` or `blob`.
    /// - Throws: An ``MCPError``; `refused` when there is none.
    public func readResource(_ uri: String) async throws(MCPError) -> [JSON] {
        try require("resources", "read a resource")
        let result = try await call("resources/read", ["uri": .string(uri)])
        guard let contents = result["contents"]?.arrayValue else {
            throw MCPError(.malformed, "read \(uri)", "the result has no list 'contents'")
        }
        return contents
    }

    /// Fetches prompts: objects with at least `name`.
    /// - Throws: An ``MCPError``.
    public func fetchPrompts() async throws(MCPError) -> [JSON] {
        try require("prompts", "list prompts")
        return try await fetchAll("prompts/list", "prompts").entries
    }

    /// Fills a prompt in: objects with `role` and `content`.
    /// - Throws: An ``MCPError``.
    public func fetchPrompt(
        _ name: String,
        _ arguments: JSON = .object([])
    ) async throws(MCPError) -> [JSON] {
        try require("prompts", "fill in a prompt")
        let result = try await call(
            "prompts/get",
            ["name": .string(name), "arguments": arguments]
        )
        guard let messages = result["messages"]?.arrayValue else {
            throw MCPError(.malformed, "fill in \(name)", "the result has no list 'messages'")
        }
        return messages
    }

    /// Asks for lines for a log from a level on; without effect in the stateless revision, where
    /// each request would have to ask.
    /// - Throws: An ``MCPError``.
    public func requestLog(from level: String) async throws(MCPError) {
        guard !peer.revision.isStateless else { return }
        try require("logging", "ask for log lines")
        _ = try await call("logging/setLevel", ["level": .string(level)])
    }

    /// Asks whether the server is there; a stateless one is asked what it offers.
    /// - Throws: An ``MCPError``.
    public func ping() async throws(MCPError) {
        _ = try await call(peer.revision.isStateless ? "server/discover" : "ping")
    }
}
