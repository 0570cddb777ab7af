// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Endpoints
import TestSupport
import Testing

@Suite("The endpoint and callers that misbehave", .scratchFolder)
struct AbuseTests {
    private func isServing(_ test: TestEndpoint) throws -> Bool {
        status(try test.answer("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")) == 200
    }

    @Test("a head that does not come is not waited for, however slowly it drips")
    func slowHead() throws {
        let test = try TestEndpoint(limits: EndpointLimits(headTime: .milliseconds(300)))
        let (silent, dripping) = (try test.caller(), try test.caller())
        dripping.say("POST /hooks/verifier HTTP/1.1\r\nHost: local")

        #expect(status(silent.hearAll()) == 408)
        #expect(status(dripping.hearAll()) == 408)
        #expect(try isServing(test))
    }

    @Test("a body that does not come is not waited for")
    func slowBody() throws {
        let test = try TestEndpoint(limits: EndpointLimits(bodyTime: .milliseconds(300)))
        let caller = try test.caller()

        caller.say(String(test.post().dropLast(3)))

        #expect(status(caller.hearAll()) == 408)
        #expect(try test.spool.pending().isEmpty)
    }

    @Test("a body over the limit is refused, said ahead or not, and the rest of it not read")
    func oversized() throws {
        let test = try TestEndpoint(limits: EndpointLimits(bodyBytes: 1000))
        let body = "\"" + String(repeating: "x", count: 100_000) + "\""
        let chunked = test.post("", signing: body)
            .replacing("Content-Length: 0", with: "Transfer-Encoding: chunked")

        #expect(status(try test.answer(test.post(body))) == 413)
        #expect(
            status(try test.answer("\(chunked)\(String(body.utf8.count, radix: 16))\r\n\(body)"))
                == 413
        )
        let expecting = try test.caller()
        expecting.say(String(test.post(body, more: "Expect: 100-continue\r\n").dropLast(100_002)))
        #expect(status(expecting.hear(until: "large\n")) == 413)
        #expect(try isServing(test))
    }

    @Test("the largest body that is allowed is taken in")
    func largest() throws {
        let test = try TestEndpoint()
        let body = "\"" + String(repeating: "x", count: (1 << 20) - 2) + "\""

        #expect(status(try test.answer(test.post(body))) == 202)
        #expect(try test.spool.pending().first?.payload.count == 1 << 20)
        #expect(status(try test.answer(test.post(body + " ", id: "b"))) == 413)
    }

    @Test(
        "what is no HTTP is answered with 400, or not at all, and harms nobody",
        arguments: [
            "\r\n\r\n\0\0\0", "hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
            "POST /hooks/verifier HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
            "POST /hooks/verifier HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
                + "Content-Length: 6\r\n\r\nhello!",
            "POST /hooks/verifier HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /hooks/verifier HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET /metrics HTTP/1.1\r\nHost : localhost\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
            "\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}\u{00}",
        ]
    )
    func garbage(text: String) throws {
        let test = try TestEndpoint()

        let answer = try test.answer(text)

        #expect(answer.isEmpty || status(answer) == 400, "\(answer)")
        #expect(try isServing(test))
    }

    @Test("random bytes harm nobody")
    func fuzz() throws {
        let test = try TestEndpoint()
        var random = SeededRandom(seed: 7)

        for _ in 0..<200 {
            var bytes = Array(test.post().utf8)
            for _ in 0..<(1 + Int(random.next() % 8)) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(
                    truncatingIfNeeded: random.next()
                )
            }
            let caller = try test.caller()
            caller.say(bytes)
            caller.end()
            _ = caller.hearAll()
        }

        #expect(try isServing(test))
    }

    @Test("a head without end is cut off")
    func endlessHead() throws {
        let test = try TestEndpoint()
        let caller = try test.caller()
        let line = "X-Filler: " + String(repeating: "x", count: 1000) + "\r\n"

        caller.say("GET /metrics HTTP/1.1\r\nHost: localhost\r\n")
        for _ in 0..<2000 where !caller.say(line) { break }

        let answer = caller.hearAll()
        #expect(answer.isEmpty || status(answer) == 400)
        #expect(try isServing(test))
    }

    @Test("connections beyond the limit are closed, and there is room again afterwards")
    func connections() async throws {
        let test = try TestEndpoint(limits: EndpointLimits(connections: 3))
        var held = try (0..<3).map { _ in try test.caller() }
        for caller in held {
            caller.say("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(status(caller.hear(until: "starting\n")) == 503)
        }

        #expect(try test.caller().hearAll().isEmpty)
        held.removeAll()
        #expect(try await eventually { try isServing(test) })
    }

    @Test("a stop answers what has begun, refuses what is new, and ends in time")
    func stop() throws {
        let test = try TestEndpoint()
        let (idle, begun) = (try test.caller(), try test.caller())
        idle.say("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(status(idle.hear(until: "loopdesk_up_seconds")) == 200)
        begun.say(String(test.post(more: "Expect: 100-continue\r\n").dropLast(3)))
        #expect(begun.hear(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))

        test.endpoint.stop()

        #expect(begun.hearAll().isEmpty)
        #expect(throws: (any Error).self) { _ = try test.caller() }
        #expect(try test.spool.pending().isEmpty)
    }

    @Test("an address that is taken cannot be listened on, and the error says so")
    func taken() throws {
        let test = try TestEndpoint()
        let configuration = EndpointConfiguration(address: test.endpoint.address, hooks: [:])

        let error = #expect(throws: EndpointError.self) {
            _ = try Endpoint.start(
                configuration,
                spool: test.spool,
                metrics: test.metrics,
                wall: StandingClock()
            )
        }

        #expect(error?.code == .cannotListen)
        #expect(error?.description.contains(": another program listens there; choose") == true)
    }

    private struct StandingClock: WallClock {
        func now() -> Instant { TestEndpoint.now }
    }

    @Test(
        "an address is a host and a port",
        arguments: [
            ("127.0.0.1:8787", "127.0.0.1", 8787), ("LocalHost:0", "localhost", 0),
            ("[::1]:80", "::1", 80),
        ]
    )
    func address(text: String, host: String, port: Int) throws {
        let address = try EndpointAddress(text)

        #expect(address.host == host && address.port == port)
    }

    @Test(
        "what is no address is refused",
        arguments: ["", "8787", ":80", "a:", "a:65536", "a:-1", "a b:1", "::1:80", "[x]:1", "a:1x"]
    )
    func noAddress(text: String) throws {
        let error = #expect(throws: EndpointError.self) { _ = try EndpointAddress(text) }

        #expect(error?.code == .invalidAddress)
    }
}
