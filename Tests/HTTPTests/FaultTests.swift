// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import HTTP
import TestSupport
import Testing

@Suite("The client and servers that fail", .timeLimit(.minutes(1)))
struct FaultTests {
    private let url = "http://127.0.0.1:9/path"

    /// Sends a request and reads the reply to its end.
    private func outcome(
        _ server: ScriptedServer,
        _ request: HTTPRequest? = nil,
        limits: HTTPLimits = HTTPLimits(),
        _ change: (inout HTTPSettings) -> Void = { _ in }
    ) async throws -> (error: HTTPError?, bytes: Int) {
        var request = request ?? HTTPRequest("GET", url)
        request.limits = limits
        let client = try server.client(change)
        var count = 0
        do throws(HTTPError) {
            let answer = try await client.open(request)
            while let bytes = try await answer.body.next() { count += bytes.count }
            return (nil, count)
        } catch {
            return (error, count)
        }
    }

    @Test("an error status is a reply", arguments: [400, 429, 500, 529, 999])
    func status(status: Int) async throws {
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say(Peer.reply(status, "sorry"))
        }

        let client = try server.client()
        let answer = try await client.open(HTTPRequest("GET", url))

        #expect(answer.head.status == status)
        #expect(try await answer.body.rest() == Array("sorry".utf8))
    }

    @Test(
        "what is no whole reply is an error, after the bytes that did come",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome", HTTPError.Code.disconnected, 4),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n",
                .disconnected, 4
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nsome", .disconnected, 0),
            ("HTTP/1.1 200 OK\r\nContent-Le", .disconnected, 0),
            ("", .disconnected, 0),
            ("hello\r\n\r\n", .malformedReply, 0),
            ("\0\u{1}\u{2}\r\n\r\n", .malformedReply, 0),
        ]
    )
    func torn(text: String, code: HTTPError.Code, bytes: Int) async throws {
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say(text)
        }

        let outcome = try await outcome(server, HTTPRequest("POST", url, body: [1]))

        #expect(outcome.error?.code == code, "\(String(describing: outcome.error))")
        #expect(outcome.bytes == bytes && outcome.error?.mayHaveArrived == true)
    }

    @Test("a reply that does not begin in time is given up")
    func firstByte() async throws {
        let server = ScriptedServer { peer in _ = peer.awaitEnd() }
        let limits = HTTPLimits(firstByte: .milliseconds(100))

        let outcome = try await outcome(server, limits: limits)

        #expect(outcome.error?.code == .firstByteTimedOut && outcome.error?.mayHaveArrived == true)
    }

    @Test("a reply that stops in the middle, half open, is given up")
    func idle() async throws {
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
            _ = peer.awaitEnd()
        }

        let outcome = try await outcome(server, limits: HTTPLimits(idle: .milliseconds(100)))

        #expect(outcome.error?.code == .idleTimedOut && outcome.bytes == 4)
    }

    @Test("a reply that drips without end is given up")
    func total() async throws {
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while peer.say("x") { peer.pass(milliseconds: 10) }
        }
        let limits = HTTPLimits(idle: .seconds(5), total: .milliseconds(200))

        let outcome = try await outcome(server, limits: limits)

        #expect(outcome.error?.code == .totalTimedOut && outcome.bytes > 0)
    }

    @Test("TLS that is not answered counts as no connection")
    func connect() async throws {
        let server = ScriptedServer { peer in _ = peer.awaitEnd() }
        let request = HTTPRequest("GET", "https://127.0.0.1:9/")

        let outcome = try await outcome(
            server,
            request,
            limits: HTTPLimits(connect: .milliseconds(100))
        )

        #expect(outcome.error?.code == .connectTimedOut && outcome.error?.mayHaveArrived == false)
    }

    @Test("a server without TLS is not talked to when TLS was asked for")
    func noTLS() async throws {
        let server = ScriptedServer { peer in
            peer.pass(milliseconds: 1000)
            peer.say(Peer.reply(400, "plain"))
        }

        let outcome = try await outcome(server, HTTPRequest("GET", "https://127.0.0.1:9/"))

        #expect(outcome.error?.code == .insecure, "\(String(describing: outcome.error))")
    }

    @Test(
        "a head or a body over the limit ends the transfer",
        arguments: [
            ("X: " + String(repeating: "x", count: 2000) + "\r\n", 10),
            (String(repeating: "X: x\r\n", count: 200), 10),
            ("", 1001),
        ]
    )
    func tooLarge(headers: String, bytes: Int) async throws {
        let limits = HTTPLimits(headerBytes: 1000, bodyBytes: 1000)
        let body = String(repeating: "x", count: bytes)
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say(Peer.reply(200, body, headers: headers))
            _ = peer.awaitEnd()
        }

        let outcome = try await outcome(server, limits: limits)

        #expect(outcome.error?.code == .tooLarge && outcome.bytes == 0)
    }

    @Test("a body of unknown length, a line without end and trailers are cut off at the limit")
    func endless() async throws {
        let limits = HTTPLimits(headerBytes: 4000, bodyBytes: 100_000)
        let line = String(repeating: "x", count: 0x1000)
        let stream = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while peer.say("1000\r\n\(line)\r\n") {}
        }
        let trailers = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n0\r\n")
            while peer.say("X: y\r\n") {}
        }

        let first = try await outcome(stream, limits: limits)
        let second = try await outcome(trailers, limits: limits)

        #expect(first.error?.code == .tooLarge && first.bytes <= 100_000 && first.bytes > 50_000)
        #expect(second.error?.code == .tooLarge && second.bytes == 4)
    }

    @Test("the largest body that is allowed comes through")
    func largest() async throws {
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say(Peer.reply(200, String(repeating: "x", count: 1000)))
        }

        let outcome = try await outcome(server, limits: HTTPLimits(bodyBytes: 1000))

        #expect(outcome.error == nil && outcome.bytes == 1000)
    }

    @Test("requests beyond the limit wait for their turn, and further ones are told at once")
    func busy() async throws {
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
            _ = peer.awaitEnd()
        }
        let client = try server.client {
            $0.transfers = 1
            $0.waiting = 1
        }
        let held = try await client.open(HTTPRequest("GET", url))
        let patient = HTTPRequest("GET", url, limits: HTTPLimits(connect: .milliseconds(300)))

        // Ends by the deadline of its request.
        let second = Task { try await client.open(patient) }
        var codes: [HTTPError.Code] = []
        while !codes.contains(.busy) {
            do throws(HTTPError) {
                _ = try await client.open(
                    HTTPRequest("GET", url, limits: HTTPLimits(connect: .milliseconds(20)))
                )
            } catch {
                codes.append(error.code)
            }
        }
        let late = await #expect(throws: HTTPError.self) { _ = try await second.value }

        // Who of the two came to wait is open; whoever waited got no connection in time.
        #expect(late?.code == .connectTimedOut || late?.code == .busy)
        #expect(codes.allSatisfy { $0 == .busy || $0 == .connectTimedOut })
        #expect(server.dialled.count == 1 && held.head.status == 200)
    }

    @Test("nobody at an address is told as such")
    func nobody() async throws {
        let server = ScriptedServer { _ in }

        let outcome = try await outcome(server) { $0.dial = { _, _ in nil } }

        #expect(outcome.error?.code == .cannotConnect && outcome.error?.mayHaveArrived == false)
    }

    @Test(
        "a request that is not well formed goes nowhere",
        arguments: [
            HTTPRequest("GET", "ftp://127.0.0.1/"), HTTPRequest("GET", "127.0.0.1/"),
            HTTPRequest("GET", "http://a b/"), HTTPRequest("GET", "http://127.0.0.1/\r\nX: y"),
            HTTPRequest("GET", "http://user:word@127.0.0.1/"), HTTPRequest("GET", ""),
            HTTPRequest("get", "http://127.0.0.1/"), HTTPRequest("CONNECT", "http://127.0.0.1/"),
            HTTPRequest("GE T", "http://127.0.0.1/"), HTTPRequest("GET", "http://example.com/"),
            HTTPRequest("GET", "http://127.0.0.1/", headers: [HTTPHeader("a b", "c")]),
            HTTPRequest("GET", "http://127.0.0.1/", headers: [HTTPHeader("a", "b\r\nX: y")]),
            HTTPRequest("GET", "http://127.0.0.1/", headers: [HTTPHeader("a", "b\0")]),
            HTTPRequest("GET", "http://127.0.0.1/", headers: [HTTPHeader("Host", "b")]),
            HTTPRequest("POST", "http://127.0.0.1/", headers: [HTTPHeader("Content-Length", "1")]),
            HTTPRequest("GET", "http://127.0.0.1/" + String(repeating: "x", count: 9000)),
        ]
    )
    func malformed(request: HTTPRequest) async throws {
        let server = ScriptedServer { _ in }

        let outcome = try await outcome(server, request)

        #expect(outcome.error?.code == .invalidRequest && server.dialled.isEmpty)
    }

    @Test("an error names host and path, and neither query nor credentials")
    func secrets() async throws {
        let server = ScriptedServer { _ in }
        let request = HTTPRequest(
            "GET",
            "\(url)?key=canary",
            credentials: [HTTPHeader("x-api-key", "canary")],
            body: Array("canary".utf8)
        )

        let outcome = try await outcome(server, request)
        let text = "\(try #require(outcome.error)) \(request)"

        #expect(text.contains("127.0.0.1:9/path") && !text.contains("canary"))
    }
}
