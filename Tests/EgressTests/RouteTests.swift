// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Egress
import TestSupport
import Testing

@Suite("The way out and requests that are sent on", .timeLimit(.minutes(1)))
struct RouteTests {
    /// Answers each request with what it was.
    private static let echo: ScriptedServer.Script = { peer in
        while true {
            let request = peer.hearRequest()
            guard !request.isEmpty else { return }
            // Turned around, so that the credential does not come back.
            let shown = request.replacing(TestExit.secret, with: "THE-SECRET")
            peer.say(Peer.reply(200, shown))
        }
    }

    @Test("a route leads to its server with the credential, and what the agent put there is gone")
    func credential() async throws {
        let server = ScriptedServer(Self.echo)
        let exit = try TestExit(server: server)

        let answer = try exit.answer(
            "POST /local/chat?stream=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Authorization: Bearer dummy\r\n"
                + "Content-Type: application/json\r\nConnection: keep-alive, x-hop\r\nX-Hop: 1\r\n"
                + "Accept-Encoding: gzip\r\nProxy-Authorization: Basic x\r\n"
                + "Content-Length: 2\r\n\r\n{}"
        )

        #expect(status(answer) == 200)
        #expect(answer.contains("POST /v1/chat?stream=1 HTTP/1.1\r\nHost: 127.0.0.1:9000\r\n"))
        #expect(answer.contains("\r\nauthorization: Bearer THE-SECRET\r\n"))
        #expect(answer.contains("content-type: application/json\r\n") && answer.contains("{}"))
        for gone in ["dummy", "x-hop", "gzip", "Basic", "keep-alive"] {
            #expect(!answer.contains(gone), "\(gone)")
        }
        let events = try await exit.events(1)
        #expect(events.map(\.target) == ["local"] && events.map(\.outcome) == ["200"])
        #expect(events.first?.sentBytes == 2 && (events.first?.receivedBytes ?? 0) > 100)
    }

    @Test("events of a stream reach the agent as they come")
    func streamed() throws {
        let heard = DispatchSemaphore(value: 0)
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")
            peer.say("Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n")
            heard.wait()
            peer.say("9\r\ndata: 2\n\n\r\n0\r\n\r\n")
        }
        let exit = try TestExit(server: server)
        let caller = try exit.caller()

        caller.say("GET /local/events HTTP/1.1\r\nHost: x\r\n\r\n")
        let first = caller.hear(until: "data: 1\n\n")
        heard.signal()
        let rest = caller.hearAll()

        #expect(first.contains("content-type: text/event-stream\r\n"))
        #expect(rest.contains("data: 2\n\n") && rest.hasSuffix("0\r\n\r\n"))
    }

    @Test("a listed host is reached in plain text, and the way out itself under its own address")
    func plain() throws {
        let server = ScriptedServer(Self.echo)
        let exit = try TestExit(server: server, known: ["api.example.com:80:93.184.216.34"])

        let plain = try exit.get("http://api.example.com/a?b=c", headers: "X-Key: own\r\n")
        let own = try exit.get("http://127.0.0.1:\(exit.port)/local/models")

        #expect(plain.contains("GET /a?b=c HTTP/1.1\r\nHost: api.example.com\r\nx-key: own\r\n"))
        #expect(!plain.contains("THE-SECRET"))
        #expect(own.contains("GET /v1/models ") && own.contains("THE-SECRET"))
        #expect(server.dialled == ["93.184.216.34:80", "127.0.0.1:9000"])
    }

    @Test("a name that leads to a private address is refused, whoever asks for it")
    func rebinding() async throws {
        let server = ScriptedServer(Self.echo)
        let exit = try TestExit(
            server: server,
            known: ["api.example.com:80:10.0.0.7", "model.example.com:443:169.254.169.254"]
        )

        let plain = try exit.get("http://api.example.com/")
        let route = try exit.get("/model/x")

        #expect(status(plain) == 403 && plain.contains("private address"))
        #expect(status(route) == 403 && server.dialled.isEmpty)
        #expect(try await exit.events(2).map(\.outcome) == ["addressRefused", "addressRefused"])
    }

    @Test("a server that fails is told from one that refuses, and a cut reply is seen as cut")
    func failures() async throws {
        let limits = EgressLimits(firstByteTime: .milliseconds(100))
        let silent = try TestExit(server: ScriptedServer { _ = $0.awaitEnd() }, limits: limits)
        let dying = try TestExit(
            server: ScriptedServer { peer in
                peer.hearRequest()
                peer.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
            }
        )
        let busy = try TestExit(
            server: ScriptedServer { peer in
                peer.hearRequest()
                peer.say(Peer.reply(529, "overloaded", headers: "Retry-After: 7\r\n"))
            }
        )

        #expect(status(try TestExit().get("/local/x")) == 502)
        #expect(status(try silent.get("/local/x")) == 504)
        let cut = try dying.get("/local/x")
        #expect(status(cut) == 200 && cut.contains("4\r\nsome\r\n") && !cut.contains("0\r\n\r\n"))
        let overloaded = try busy.get("/local/x")
        #expect(status(overloaded) == 529 && overloaded.contains("retry-after: 7\r\n"))
        #expect(try await dying.events(1).map(\.outcome) == ["disconnected"])
    }

    @Test("a reply that has the credential in it does not reach the agent")
    func echoed() async throws {
        let secret = TestExit.secret
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nX-You-Sent: Bearer \(secret)\r\nX-Kept: 1\r\n")
            peer.say("Transfer-Encoding: chunked\r\n\r\n")
            for byte in "before\(secret)after".utf8 {
                peer.say([0x31, 0x0D, 0x0A, byte, 0x0D, 0x0A])
            }
            peer.say("0\r\n\r\n")
        }
        let exit = try TestExit(server: server)

        let answer = try exit.get("/local/echo")
        let body = answer.split(separator: "\r\n").map(String.init).joined()

        #expect(answer.contains("x-kept: 1\r\n") && !answer.contains("x-you-sent"))
        #expect(!body.contains("canary") && !answer.contains("after"))
        #expect(!answer.contains("0\r\n\r\n"))
        let events = try await exit.events(1)
        #expect(events.first?.outcome.contains("held the credential") == true)
        #expect(!"\(events)".contains(secret))
    }

    @Test("HEAD and replies without body are framed as such")
    func bodyless() throws {
        let server = ScriptedServer { peer in
            let request = peer.hearRequest()
            peer.say(
                request.hasPrefix("HEAD")
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" : "HTTP/1.1 204 No\r\n\r\n"
            )
        }
        let exit = try TestExit(server: server)

        let head = try exit.answer("HEAD /local/x HTTP/1.1\r\nHost: x\r\n\r\n")
        let empty = try exit.answer("DELETE /local/x HTTP/1.1\r\nHost: x\r\n\r\n")

        #expect(head.hasSuffix("connection: close\r\n\r\n") && !head.contains("chunked"))
        #expect(status(empty) == 204 && !empty.contains("chunked"))
    }
}
