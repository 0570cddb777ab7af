// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Dispatch
import Endpoints
import Synchronization
import TestSupport
import Testing

@Suite("The endpoint", .scratchFolder)
struct EndpointTests {
    @Test("a signed webhook is accepted, waits in the spool, and is a duplicate when repeated")
    func accepts() throws {
        let test = try TestEndpoint()

        let first = try test.answer(test.post())
        let again = try test.answer(test.post())

        #expect(first.hasPrefix("HTTP/1.1 202 ") && first.hasSuffix("\r\n\r\naccepted\n"))
        #expect(status(again) == 202)
        let waiting = try test.spool.pending()
        #expect(waiting.map(\.id) == ["msg_1"] && waiting.map(\.kind) == [.webhook])
        #expect(waiting.first?.payload == Array(TestEndpoint.body.utf8))
        #expect(waiting.first?.time == TestEndpoint.now)
    }

    @Test("a webhook signed as GitHub does is accepted")
    func github() throws {
        let test = try TestEndpoint()
        let code = MessageCode(
            of: [Array("{}".utf8)],
            key: Array("It's a Secret to Everybody".utf8)
        )
        let hex = code.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()

        let answer = try test.answer(
            "POST /hooks/hub HTTP/1.1\r\nHost: 127.0.0.1:1\r\nContent-Length: 2\r\n"
                + "Content-Type: application/json; charset=utf-8\r\nX-GitHub-Delivery: d-1\r\n"
                + "X-Hub-Signature-256: sha256=\(hex)\r\n\r\n{}"
        )

        #expect(status(answer) == 202)
        #expect(try test.spool.pending().map(\.id) == ["d-1"])
    }

    @Test("what is wrong with a request is told by its status, and nothing is taken in")
    func refuses() throws {
        let test = try TestEndpoint()
        let body = TestEndpoint.body
        let cases: [(Int, String)] = [
            (401, test.post(body, signing: body + " ")),
            (400, test.post("{\"torn\":")),
            (400, test.post("")),
            (404, test.post().replacing("/hooks/verifier", with: "/hooks/nobody")),
            (404, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            (405, "GET /hooks/verifier HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            (405, "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"),
            (415, test.post().replacing("application/json", with: "text/plain")),
            (415, test.post(more: "Content-Encoding: gzip\r\n")),
            (421, test.post().replacing("Host: localhost", with: "Host: evil.example")),
            (400, test.post().replacing("Host: localhost\r\n", with: "")),
            (401, test.post(more: "webhook-signature: v1,x\r\n")),
            (400, test.post(more: "webhook-id: other\r\n")),
        ]

        for (expected, request) in cases {
            let answer = try test.answer(request)
            #expect(status(answer) == expected, "\(request)")
        }
        #expect(try test.answer(cases[5].1).contains("\r\nAllow: POST\r\n"))
        #expect(try test.spool.pending().isEmpty)
    }

    @Test("a full spool says when to come again")
    func full() throws {
        let test = try TestEndpoint(spoolLimit: 1)

        #expect(status(try test.answer(test.post(id: "a"))) == 202)
        let answer = try test.answer(test.post(id: "b"))

        #expect(status(answer) == 429)
        #expect(answer.contains("\r\nRetry-After: 10\r\n"))
    }

    @Test("metrics and health are shown, and answers are counted")
    func pages() throws {
        let test = try TestEndpoint()
        let get = { (path: String) in
            try test.answer("GET \(path) HTTP/1.1\r\nHost: localhost:8787\r\n\r\n")
        }

        #expect(try get("/healthz").hasSuffix("\r\n\r\nstarting\n"))
        test.metrics.update { $0.health = .running }
        let health = try get("/healthz")
        let page = try get("/metrics?x=1")
        let head = try test.answer("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")

        #expect(status(health) == 200 && health.hasSuffix("\r\n\r\nok\n"))
        #expect(page.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
        #expect(page.contains("loopdesk_http_requests_total{page=\"healthz\",status=\"200\"} 1\n"))
        #expect(status(head) == 200 && head.hasSuffix("\r\n\r\n"))
    }

    @Test("one connection serves several requests, also when they are sent ahead")
    func pipelined() throws {
        let test = try TestEndpoint()
        let caller = try test.caller()

        caller.say((0..<50).map { test.post(id: "id-\($0)") }.joined())
        caller.end()
        let answers = caller.hearAll()

        #expect(answers.ranges(of: "HTTP/1.1 202 ").count == 50)
        #expect(try test.spool.pending().count == 50)
    }

    @Test("chunked bodies and callers that wait for 100 are served")
    func chunkedAndExpecting() throws {
        let test = try TestEndpoint()
        let caller = try test.caller()
        let head = test.post("", signing: TestEndpoint.body)
            .replacing(
                "Content-Length: 0",
                with: "Transfer-Encoding: chunked\r\nExpect: 100-continue"
            )

        caller.say(head)
        #expect(caller.hear(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 Continue\r\n"))
        for byte in TestEndpoint.body.utf8 {
            caller.say("1\r\n\(Character(UnicodeScalar(byte)))\r\n")
        }
        caller.say("0\r\n\r\n")

        #expect(status(caller.hear(until: "accepted")) == 202)
    }

    @Test("200 callers at once are all answered, each message taken in once")
    func concurrent() throws {
        let test = try TestEndpoint(spoolLimit: 1000)
        let port = test.endpoint.address.port
        let requests = (0..<200).map { test.post(id: "id-\($0 % 100)") }
        let accepted = Mutex(0)

        DispatchQueue.concurrentPerform(iterations: 200) { index in
            guard let caller = try? Caller(port: port) else { return }
            caller.say(requests[index])
            let answer = caller.hear(until: "accepted\n")
            if status(answer) == 202 { accepted.withLock { $0 += 1 } }
        }

        #expect(accepted.withLock { $0 } == 200)
        #expect(try test.spool.pending(limit: 1000).count == 100)
    }
}
