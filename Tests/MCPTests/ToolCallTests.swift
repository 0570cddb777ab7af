// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Testing

@Suite("Listing and calling tools")
struct ToolCallTests {
    @Test("pages are followed to the last, an empty cursor included")
    func pages() async throws {
        let transport = ScriptedTransport { request throws(MCPError) in
            guard request.method == "tools/list" else { return ScriptedTransport.discovered }
            switch request.params["cursor"]?.stringValue {
            case nil: return ["tools": [ScriptedTransport.tool("a")], "nextCursor": ""]
            case "": return ["tools": [ScriptedTransport.tool("b")], "nextCursor": "x"]
            default: return ["tools": [ScriptedTransport.tool("c")], "ttlMs": 60_000]
            }
        }

        let list = try await ClientSession.open(over: transport).fetchTools()

        #expect(list.tools.map(\.name) == ["a", "b", "c"])
        #expect(list.lifetime == .seconds(60))
    }

    @Test("a page that leads back is an error and no endless loop")
    func loop() async throws {
        let transport = ScriptedTransport { request throws(MCPError) in
            guard request.method == "tools/list" else { return ScriptedTransport.discovered }
            return ["tools": [], "nextCursor": "again"]
        }
        let session = try await ClientSession.open(over: transport)

        let error = await #expect(throws: MCPError.self) { try await session.fetchTools() }

        #expect(error?.reason.contains("came before") == true)
    }

    @Test("pages without end stop at the limit")
    func endless() async throws {
        let transport = ScriptedTransport { request throws(MCPError) in
            guard request.method == "tools/list" else { return ScriptedTransport.discovered }
            return ["tools": [], "nextCursor": .string("\(request.number)")]
        }
        let session = try await ClientSession.open(over: transport)

        let error = await #expect(throws: MCPError.self) { try await session.fetchTools() }

        #expect(error?.code == .tooLarge)
        #expect(transport.requests.count == 1 + ClientSession.pageLimit)
    }

    @Test("a list of more entries than the limit is refused")
    func manyTools() async throws {
        let tools = (0...ClientSession.entryLimit).map { ScriptedTransport.tool("t\($0)") }
        let most = ScriptedTransport.serving(Array(tools.dropLast()))
        let more = ScriptedTransport.serving(tools)

        let list = try await ClientSession.open(over: most).fetchTools()
        let session = try await ClientSession.open(over: more)
        let error = await #expect(throws: MCPError.self) { try await session.fetchTools() }

        #expect(list.tools.count == ClientSession.entryLimit)
        #expect(error?.code == .tooLarge)
    }

    @Test(
        "tools that are not well formed are left out, the others stay",
        arguments: [
            ScriptedTransport.tool("bad name"), ScriptedTransport.tool(""),
            ["name": "x"], ["name": "x", "inputSchema": ["type": "string"]], 7,
            ScriptedTransport.tool("good"),
            [
                "name": "x",
                "inputSchema": [
                    "type": "object",
                    "properties": ["a": ["type": "array", "x-mcp-header": "A"]],
                ],
            ],
            [
                "name": "x",
                "inputSchema": [
                    "type": "object",
                    "properties": [
                        "a": ["type": "string", "x-mcp-header": "A"],
                        "b": ["type": "string", "x-mcp-header": "a"],
                    ],
                ],
            ],
        ] as [JSON]
    )
    func malformed(tool: JSON) async throws {
        let transport = ScriptedTransport.serving([ScriptedTransport.tool("good"), tool])

        let list = try await ClientSession.open(over: transport).fetchTools()

        #expect(list.tools.map(\.name) == ["good"])
    }

    @Test("arguments that break the schema are never sent")
    func arguments() async throws {
        let schema: JSON = ["type": "object", "required": ["a"]]
        let transport = ScriptedTransport.serving([["name": "t", "inputSchema": schema]])
        let session = try await ClientSession.open(over: transport)
        let tool = try #require(try await session.fetchTools().tools.first)

        let error = await #expect(throws: MCPError.self) {
            try await session.call(tool, .object([]))
        }

        #expect(error?.code == .invalidArgument)
        #expect(error?.mayHaveArrived == false)
        #expect(!transport.methods.contains("tools/call"))
    }

    @Test(
        "a structured result that breaks its schema is refused",
        arguments: [
            ["content": []], ["content": [], "structuredContent": ["n": "one"]],
            ["content": "text"], ["content": [["text": "no type"]]],
            ["content": [], "resultType": "task"],
        ] as [JSON]
    )
    func output(result: JSON) async throws {
        let schema: JSON = ["type": "object", "properties": ["n": ["type": "integer"]]]
        let definition = ScriptedTransport.tool("t", [.init("outputSchema", schema)])
        let transport = ScriptedTransport.serving([definition]) { _ throws(MCPError) in result }
        let session = try await ClientSession.open(over: transport)
        let tool = try #require(try await session.fetchTools().tools.first)

        let error = await #expect(throws: MCPError.self) {
            try await session.call(tool, .object([]))
        }

        #expect(error?.code == .malformed)
        #expect(error?.mayHaveArrived == true)
    }

    @Test("a block without a type is no result")
    func typeless() async throws {
        let transport = ScriptedTransport.serving([ScriptedTransport.tool("t")]) {
            _ throws(MCPError) in ["content": [["text": "no type"]]]
        }
        let session = try await ClientSession.open(over: transport)
        let tool = try #require(try await session.fetchTools().tools.first)

        let error = await #expect(throws: MCPError.self) {
            try await session.call(tool, .object([]))
        }

        #expect(error?.code == .malformed)
    }

    @Test("what a tool says of its failure is a result, and unknown blocks are kept")
    func failure() async throws {
        let transport = ScriptedTransport.serving([ScriptedTransport.tool("t")]) {
            _ throws(MCPError) in
            ["content": [["type": "text", "text": "no"], ["type": "hologram"]], "isError": true]
        }
        let session = try await ClientSession.open(over: transport)
        let tool = try #require(try await session.fetchTools().tools.first)

        let result = try await session.call(tool, .object([]))

        #expect(result.isError)
        #expect(result.text == "no\n[hologram]")
    }

    @Test("a server that asks for input is told that nobody is here")
    func input() async throws {
        let transport = ScriptedTransport.serving([ScriptedTransport.tool("t")]) {
            _ throws(MCPError) in ["resultType": "input_required", "inputRequests": .object([])]
        }
        let session = try await ClientSession.open(over: transport)
        let tool = try #require(try await session.fetchTools().tools.first)

        let error = await #expect(throws: MCPError.self) {
            try await session.call(tool, .object([]))
        }

        #expect(error?.code == .refused)
    }

    @Test("what a server does not offer is not asked for")
    func notOffered() async throws {
        let transport = ScriptedTransport.serving([])
        let session = try await ClientSession.open(over: transport)

        let error = await #expect(throws: MCPError.self) { try await session.fetchPrompts() }

        #expect(error?.code == .notOffered)
        #expect(transport.methods == ["server/discover"])
    }

    @Test("marked arguments travel in headers as well")
    func headers() async throws {
        let schema: JSON = [
            "type": "object",
            "properties": [
                "region": ["type": "string", "x-mcp-header": "Region"],
                "deep": [
                    "type": "object",
                    "properties": ["n": ["type": "integer", "x-mcp-header": "N"]],
                ],
            ],
        ]
        let transport = ScriptedTransport.serving([["name": "t", "inputSchema": schema]])
        let session = try await ClientSession.open(over: transport)
        let tool = try #require(try await session.fetchTools().tools.first)

        _ = try await session.call(tool, ["region": "Zürich", "deep": ["n": 3]])

        let headers = try #require(transport.requests.last?.headers)
        #expect(headers.map(\.name) == ["Mcp-Param-Region", "Mcp-Param-N"])
        #expect(headers.map(\.value) == ["=?base64?WsO8cmljaA==?=", "3"])
    }

    @Test("only lists, and tools that say that it does no harm, may be sent twice by HTTP")
    func repeatable() async throws {
        let transport = ScriptedTransport.serving([
            ScriptedTransport.tool("plain"),
            ScriptedTransport.tool("reads", [.init("annotations", ["readOnlyHint": true])]),
            ScriptedTransport.tool("sets", [.init("annotations", ["idempotentHint": true])]),
        ])
        let session = try await ClientSession.open(over: transport)

        for tool in try await session.fetchTools().tools { _ = try await session.call(tool, [:]) }

        let sent = transport.requests.map { "\($0.method) \($0.isRepeatable)" }
        #expect(
            sent == [
                "server/discover false", "tools/list true", "tools/call false", "tools/call true",
                "tools/call true",
            ]
        )
    }
}
