// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Testing

@Suite("The server behind HTTP")
struct WebFrontTests {
    private let usual: [(name: String, value: String)] = [
        ("authorization", "Bearer secret"), ("content-type", "application/json; charset=utf-8"),
        ("accept", "application/json, text/event-stream"), ("host", "127.0.0.1:1"),
    ]

    private func head(
        _ changes: [(name: String, value: String)] = [],
        without: [String] = [],
        method: String = "POST"
    ) -> WebFront.Head {
        let names = Set(changes.map(\.name) + without)
        return WebFront.Head(
            method: method,
            headers: usual.filter { !names.contains($0.name) } + changes
        )
    }

    private func front() throws -> WebFront {
        WebFront(try SampleServer.make(), token: "secret")
    }

    @Test(
        "who has the token and comes from this computer is let in",
        arguments: [
            [], [("origin", "http://localhost:3000")], [("origin", "https://[::1]")],
            [("origin", "http://127.0.0.1")], [("authorization", "bearer secret")],
            [("accept", "*/*")], [("accept", "text/html, Application/JSON;q=0.9")],
            [("accept", "text/html"), ("accept", "application/*")],
            [("content-type", "Application/JSON ; charset=utf-8")],
        ] as [[(name: String, value: String)]]
    )
    func admitted(changes: [(name: String, value: String)]) throws {
        #expect(try front().refusal(of: head(changes)) == nil)
    }

    @Test(
        "everybody else is refused with the status that says why",
        arguments: [
            ([("origin", "https://evil.example")], 403), ([("origin", "null")], 403),
            ([("origin", "http://localhost.evil.example")], 403),
            ([("origin", "http://127.0.0.1:80@evil")], 403),
            ([("origin", "http://localhost:")], 403),
            ([("origin", "http://localhost"), ("origin", "http://localhost")], 403),
            ([("authorization", "Bearer wrong")], 401), ([("authorization", "secret")], 401),
            ([("authorization", "Basic secret")], 401), ([("authorization", "")], 401),
            ([("authorization", "Bearer secret"), ("authorization", "Bearer secret")], 401),
            ([("content-type", "text/plain")], 415), ([("accept", "text/html")], 406),
            ([("content-type", "application/jsonp")], 415),
            ([("content-type", "application/json"), ("content-type", "application/json")], 415),
            ([("accept", "application/json-patch+json, x-application/json")], 406),
        ] as [([(name: String, value: String)], Int)]
    )
    func refused(changes: [(name: String, value: String)], status: Int) throws {
        #expect(try front().refusal(of: head(changes))?.status == status)
    }

    @Test("a server behind HTTP cannot be made with an empty token")
    func emptyToken() async {
        await #expect(processExitsWith: .failure) {
            _ = WebFront(MCPServer(instructions: "", tools: []), token: "")
        }
    }

    @Test("a missing token is told which one is wanted, another method which one is allowed")
    func headers() throws {
        let front = try front()

        let stranger = front.refusal(of: head(without: ["authorization"]))
        let get = front.refusal(of: head(method: "GET"))

        #expect(stranger?.status == 401)
        #expect(stranger?.header == ["WWW-Authenticate", "Bearer"])
        #expect(get?.status == 405)
        #expect(get?.header == ["Allow", "POST"])
    }

    private func post(
        _ body: String,
        _ headers: [(name: String, value: String)] = []
    ) async throws -> (status: Int, json: JSON) {
        let answer = await (try front()).answer(head(headers), Array(body.utf8))
        return (answer.status, answer.body.isEmpty ? .null : try JSON(parsing: answer.body))
    }

    private func stateless(_ method: String, _ params: [JSON.Member] = []) -> String {
        Message.request(
            .number(1),
            method: method,
            params: .object([.init("_meta", SampleServer.meta)] + params)
        ).json.compactText
    }

    private func modern(
        _ method: String,
        _ name: String? = nil
    ) -> [(name: String, value: String)] {
        [("mcp-protocol-version", "2026-07-28"), ("mcp-method", method)]
            + (name.map { [("mcp-name", $0)] } ?? [])
    }

    @Test("a handshake and what follows it need no session")
    func handshake() async throws {
        let hello = try await post(
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","#
                + #""params":{"protocolVersion":"2025-06-18"}}"#
        )
        let told = try await post(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        let list = try await post(
            #"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#,
            [("mcp-protocol-version", "2025-06-18")]
        )

        #expect(hello.status == 200)
        #expect(hello.json["result"]?["protocolVersion"] == "2025-06-18")
        #expect(told.status == 202)
        #expect(told.json == .null)
        #expect(list.json["result"]?["tools"]?.arrayValue?.count == 3)
    }

    @Test("stateless requests are answered when headers and body agree")
    func agreement() async throws {
        let found = try await post(stateless("server/discover"), modern("server/discover"))
        let called = try await post(
            stateless(
                "tools/call",
                [.init("name", "add"), .init("arguments", ["a": 1, "b": 1])]
            ),
            modern("tools/call", "=?base64?YWRk?=")
        )

        #expect(found.status == 200)
        #expect(called.json["result"]?["structuredContent"] == ["sum": 2])
    }

    @Test("stateless requests that contradict themselves are refused")
    func contradiction() async throws {
        let call = stateless("tools/call", [.init("name", "add")])
        let cases = [
            (call, modern("tools/list", "add"), 400, -32020),
            (call, modern("tools/call", "fail"), 400, -32020),
            (call, modern("tools/call"), 400, -32020),
            (call, [("mcp-method", "tools/call"), ("mcp-name", "add")], 400, -32020),
            (stateless("nothing"), modern("nothing"), 404, -32601),
            ("{", [], 400, -32700),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":"#
                    + #"{"io.modelcontextprotocol/protocolVersion":"2030-01-01"}}}"#, [], 400,
                -32022
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
                [("mcp-protocol-version", "1999-01-01")], 400, -32022
            ),
        ]

        for (body, headers, status, code) in cases {
            let answer = try await post(body, headers)
            #expect(answer.status == status)
            #expect(answer.json["error"]?["code"]?.intValue == code)
        }
    }
}
