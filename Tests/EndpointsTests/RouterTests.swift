// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@testable import Endpoints

@Suite("The endpoint's decisions by the head of a request")
struct RouterTests {
    private static func router() throws -> Router {
        Router(
            EndpointConfiguration(
                address: try EndpointAddress("127.0.0.1:0"),
                hooks: [try #require(AgentName("hub")): .unsigned],
                messages: MessageRoute(
                    path: "/mcp",
                    refusal: { _ in nil },
                    answer: { _, _ in MessageRoute.Answer(status: 200, body: []) }
                )
            )
        )
    }

    /// The status of an answer at once; nil for a request that is taken further.
    private static func status(
        _ method: String,
        _ target: String,
        _ headers: [(name: String, value: String)]
    ) throws -> Int? {
        let head = RequestHead(method: method, target: target, headers: headers)
        guard case .reply(let reply) = try router().decide(head) else { return nil }
        return reply.status
    }

    @Test(
        "of addresses only those of the loopback are the desk's own",
        arguments: [
            ("127.0.0.1", nil), ("127.255.255.255:80", nil), ("LOCALHOST:80", nil), ("[::1]", nil),
            ("127.1", 421), ("127.0.0.1.1", 421), ("127.0.0.999", 421), ("127.0.0.0001", 421),
            ("127..0.1", 421), ("127.0.0.+1", 421), ("127.0.0.1.example", 421), ("128.0.0.1", 421),
            ("[::2]", 421), ("", 421),
        ] as [(String, Int?)]
    )
    func loopback(host: String, expected: Int?) throws {
        #expect(try Self.status("GET", "/metrics", [("host", host)]) == expected)
    }

    @Test("a request with two hosts is malformed, the same twice included")
    func twoHosts() throws {
        let twice = [(name: "host", value: "localhost"), (name: "host", value: "localhost")]

        #expect(try Self.status("GET", "/metrics", twice) == 400)
        #expect(try Self.status("GET", "/metrics", []) == 400)
    }

    @Test("only hooks of the configuration are there")
    func hooks() throws {
        let headers = [
            (name: "host", value: "localhost"), (name: "content-type", value: "application/json"),
        ]

        #expect(try Self.status("POST", "/hooks/hub", headers) == nil)
        #expect(try Self.status("POST", "/hooks/other", headers) == 404)
        #expect(try Self.status("POST", "/hooks/..", headers) == 404)
    }

    @Test("a message that is packed is not unpacked, but refused")
    func packed() throws {
        let headers = [(name: "host", value: "localhost")]

        #expect(try Self.status("POST", "/mcp", headers) == nil)
        #expect(try Self.status("POST", "/mcp", headers + [("content-encoding", "gzip")]) == 415)
    }
}
