// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Testing

@Suite("Answering requests")
struct ServerTests {
    private func ask(
        _ method: String,
        _ params: JSON,
        _ manner: MCPServer.Manner = .handshake
    ) async throws -> JSON {
        try await SampleServer.make().answer(.number(1), method, params, manner).json
    }

    @Test(
        "a handshake gives the revision that is asked for, or the newest with a handshake",
        arguments: [
            ("2024-11-05", "2024-11-05"), ("2025-06-18", "2025-06-18"),
            ("2099-01-01", "2025-11-25"),
            ("2026-07-28", "2025-11-25"),
        ]
    )
    func handshake(asked: String, given: String) async throws {
        let answer = try await ask("initialize", ["protocolVersion": .string(asked)])

        #expect(answer["result"]?["protocolVersion"]?.stringValue == given)
        #expect(answer["result"]?["serverInfo"]?["name"] == "loopdesk")
        #expect(answer["result"]?["resultType"] == nil)
    }

    @Test("a stateless answer says what it is, from whom, and how long it holds")
    func stateless() async throws {
        let found = try await ask("server/discover", ["_meta": SampleServer.meta], .stateless)
        let list = try await ask("tools/list", ["_meta": SampleServer.meta], .stateless)

        #expect(found["result"]?["supportedVersions"] == ["2026-07-28"])
        for result in [found["result"], list["result"]] {
            #expect(result?["resultType"] == "complete")
            #expect(result?["ttlMs"]?.intValue == 60_000)
            #expect(result?["cacheScope"] == "public")
            let meta = result?["_meta"]?["io.modelcontextprotocol/serverInfo"]
            #expect(meta?["name"] == "loopdesk")
        }
    }

    @Test("a request that claims to stand for itself has to say its revision and capabilities")
    func manner() throws {
        let version = "io.modelcontextprotocol/protocolVersion"
        let capabilities = "io.modelcontextprotocol/clientCapabilities"
        func code(_ meta: JSON, _ method: String = "tools/list") -> Int? {
            #expect(throws: Fault.self) {
                try MCPServer.manner(of: ["_meta": meta], method: method)
            }?.code
        }

        #expect(try MCPServer.manner(of: ["_meta": SampleServer.meta], method: "x") == .stateless)
        #expect(try MCPServer.manner(of: .object([]), method: "x") == .handshake)
        #expect(try MCPServer.manner(of: ["_meta": ["a": 1]], method: "x") == .handshake)
        #expect(code(.object([.init(version, "2026-07-28")])) == Fault.invalidParameters)
        #expect(
            code(.object([.init(version, "2025-11-25"), .init(capabilities, .object([]))]))
                == Fault.unsupportedVersion
        )
        #expect(code(.object([]), "server/discover") == Fault.invalidParameters)
    }

    @Test("every tool is well formed, and says what it does to the world")
    func tools() async throws {
        let answer = try await ask("tools/list", .object([]))

        let tools = try #require(answer["result"]?["tools"]?.arrayValue)
        let read = try tools.map { try ToolDefinition($0) }
        #expect(read.map(\.name) == ["add", "fail", "wait"])
        #expect(read.map(\.annotations.isReadOnly) == [true, false, true])
        #expect(read.map(\.mayBeRepeated) == [true, false, true])
    }

    @Test("a call gives text and value")
    func call() async throws {
        let answer = try await ask(
            "tools/call",
            ["name": "add", "arguments": ["a": 2, "b": 3]]
        )

        #expect(answer["result"]?["structuredContent"] == ["sum": 5])
        #expect(answer["result"]?["content"] == [["type": "text", "text": "5"]])
        #expect(answer["result"]?["isError"] == nil)
    }

    @Test(
        "arguments that do not fit, and failures, are results that say so",
        arguments: [
            (["name": "add", "arguments": ["a": 2]], "arguments: 'b' is missing"),
            (["name": "add"], "arguments: 'a' is missing"),
            (["name": "add", "arguments": ["a": 2, "b": "x"]], "arguments.b: expected integer"),
            (
                ["name": "add", "arguments": ["a": 2, "b": 3, "c": 4]],
                "arguments.c: unknown member"
            ),
            (["name": "fail"], "the disk is full"),
        ] as [(JSON, String)]
    )
    func failedCall(params: JSON, words: String) async throws {
        let answer = try await ask("tools/call", params)

        #expect(answer["result"]?["isError"] == true)
        let text = answer["result"]?["content"]?.arrayValue?.first?["text"]?.stringValue
        #expect(text?.contains(words) == true, "\(text ?? "")")
    }

    @Test(
        "what cannot be understood is an error of the protocol",
        arguments: [
            ("tools/call", .object([]), -32602), ("tools/call", ["name": "ad"], -32602),
            ("tools/call", ["name": "add", "arguments": [1]], -32602),
            ("tools/list", ["cursor": ""], -32602), ("prompts/list", .object([]), -32601),
            ("server/discover", .object([]), -32601), ("initialize", .object([]), -32602),
            ("resources/read", ["uri": "loopdesk://nothing"], -32002),
            ("resources/read", .object([]), -32602),
        ] as [(String, JSON, Int)]
    )
    func fault(method: String, params: JSON, code: Int) async throws {
        let answer = try await ask(method, params)

        #expect(answer["error"]?["code"]?.intValue == code)
        #expect(answer["id"] == 1)
    }

    @Test("resources are listed and read; a missing one has the code of its revision")
    func resources() async throws {
        let list = try await ask("resources/list", .object([]))
        let templates = try await ask("resources/templates/list", .object([]))
        let read = try await ask("resources/read", ["uri": "loopdesk://signals/1"])
        let missing = try await ask("resources/read", ["uri": "x"], .stateless)

        #expect(list["result"]?["resources"]?.arrayValue?.count == 1)
        #expect(templates["result"]?["resourceTemplates"]?.arrayValue?.count == 1)
        #expect(read["result"]?["contents"]?.arrayValue?.first?["text"] == "hi")
        #expect(missing["error"]?["code"]?.intValue == Fault.invalidParameters)
    }
}
