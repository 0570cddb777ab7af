// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Endpoints
import TestSupport
import Testing

@Suite("A route for messages", .scratchFolder)
struct MessageRouteTests {
    private struct FixedClock: WallClock {
        func now() -> Instant { TestEndpoint.now }
    }

    /// An endpoint whose route gives back what it was sent, to callers that know the word.
    private func start(bodyBytes: Int = 1000) throws -> Endpoint {
        let route = MessageRoute(
            path: "/mcp",
            refusal: { head in
                head.headers.contains { $0.name == "x-word" && $0.value == "please" }
                    ? nil
                    : MessageRoute.Answer(
                        status: 401,
                        body: [],
                        header: ["WWW-Authenticate", "Bearer"]
                    )
            },
            answer: { head, body in
                MessageRoute.Answer(status: 200, body: Array(head.method.utf8) + body)
            }
        )
        return try Endpoint.start(
            EndpointConfiguration(
                address: try EndpointAddress("127.0.0.1:0"),
                hooks: [:],
                limits: EndpointLimits(bodyBytes: bodyBytes),
                messages: route
            ),
            spool: try TriggerSpool(DeskFolder(try ScratchFolder.path)),
            metrics: DeskMetrics(),
            wall: FixedClock()
        )
    }

    private func ask(_ endpoint: Endpoint, _ request: String) throws -> String {
        let caller = try Caller(port: endpoint.address.port)
        caller.say(request)
        caller.end()
        return caller.hearAll()
    }

    private func request(
        _ body: String,
        host: String = "localhost",
        more: String = "X-Word: please\r\n"
    ) -> String {
        "POST /mcp HTTP/1.1\r\nHost: \(host)\r\n\(more)Content-Length: \(body.utf8.count)\r\n\r\n"
            + body
    }

    @Test("a body comes back from the code behind it")
    func answered() throws {
        let endpoint = try start()
        defer { endpoint.stop() }

        let answer = try ask(endpoint, request("{}"))

        #expect(status(answer) == 200)
        #expect(answer.hasSuffix("\r\n\r\nPOST{}"))
        #expect(answer.contains("Content-Type: application/json\r\n"))
    }

    @Test("what is refused by its head is not read")
    func refused() throws {
        let endpoint = try start()
        defer { endpoint.stop() }

        let stranger = try ask(endpoint, request("{}", more: ""))
        let rebound = try ask(endpoint, request("{}", host: "evil.example"))
        let large = try ask(endpoint, request(String(repeating: "x", count: 1001)))

        #expect(status(stranger) == 401)
        #expect(stranger.contains("WWW-Authenticate: Bearer\r\n"))
        #expect(status(rebound) == 421)
        #expect(status(large) == 413)
    }
}
