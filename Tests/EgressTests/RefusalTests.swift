// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Egress
import HTTP
import TestSupport
import Testing

@Suite("The way out and what it refuses", .timeLimit(.minutes(1)))
struct RefusalTests {
    @Test(
        "what is not listed is refused with a sentence, and nothing leaves",
        arguments: [
            ("CONNECT evil.example:443", 403), ("CONNECT api.example.com:22", 403),
            ("CONNECT example.org:443", 403), ("CONNECT 169.254.169.254:443", 403),
            ("CONNECT 127.0.0.1:443", 403), ("CONNECT [::1]:443", 403),
            ("CONNECT api.example.com.evil.example:443", 403), ("CONNECT 2130706433:443", 403),
            ("GET http://evil.example/", 403), ("GET http://api.example.com:8080/", 403),
            ("GET https://api.example.com/", 403), ("GET ftp://api.example.com/", 403),
            ("GET /nowhere/x", 403), ("GET /", 403), ("GET /LOCAL/x", 403),
            ("GET /local/../../admin", 403), ("GET /local/%2e%2E/admin", 403),
            ("GET /local/..%2fadmin", 403), ("GET /local/%252e%252e/admin", 403),
            ("GET /local/x\\..\\..\\admin", 403), ("GET /local/..;/admin", 403),
            ("GET http://user:word@api.example.com/", 400), ("CONNECT api.example.com", 400),
            ("CONNECT api.example.com:0", 400), ("CONNECT :443", 400), ("OPTIONS *", 400),
        ]
    )
    func unlisted(line: String, expected: Int) async throws {
        let server = ScriptedServer { _ in }
        let exit = try TestExit(server: server)

        let answer = try exit.answer("\(line) HTTP/1.1\r\nHost: api.example.com\r\n\r\n")

        #expect(status(answer) == expected, "\(answer)")
        #expect(answer.contains("\r\n\r\negress: ") && server.dialled.isEmpty)
        let events = try await exit.events(1)
        #expect(events.count == 1 && events.allSatisfy(\.isRefused))
        #expect(!"\(events)".contains("word") && !"\(events)".contains("admin"))
    }

    @Test("a name that leads to a private address gets no tunnel unless the address is listed")
    func tunnelRebinding() async throws {
        let exit = try TestExit(
            names: ["api.example.com": ["10.0.0.7", "::1", "fd00::1"], "a.example.org": []]
        )

        let private_ = try exit.answer("CONNECT api.example.com:443 HTTP/1.1\r\n\r\n")
        let unknown = try exit.answer("CONNECT a.example.org:443 HTTP/1.1\r\n\r\n")

        #expect(status(private_) == 403 && private_.contains("private address"))
        #expect(status(unknown) == 502 && unknown.contains("not known"))
        #expect(try await exit.events(2).count == 2)
    }

    @Test("connections and requests beyond the limits are told to come later")
    func tooMany() async throws {
        let held = ScriptedServer { _ = $0.awaitEnd() }
        let exit = try TestExit(server: held, limits: EgressLimits(connections: 2))
        let callers = try (0..<2).map { _ in try exit.caller() }
        for caller in callers { caller.say("GET /local/x HTTP/1.1\r\nHost: x\r\n\r\n") }
        _ = try await eventually { held.dialled.count == 2 }
        let rated = try TestExit(limits: EgressLimits(perMinute: 3))

        let third = try exit.get("/local/x")
        let statuses = try (0..<5).map { _ in status(try rated.get("/nowhere")) }

        #expect(status(third) == 429 && third.contains("Retry-After: 10\r\n"))
        #expect(statuses == [403, 403, 403, 429, 429])
    }

    @Test("a body over the limit is refused, and the largest that is allowed is taken")
    func body() throws {
        let server = ScriptedServer { peer in
            peer.say(Peer.reply(200, "\(peer.hearRequest().utf8.count)"))
        }
        let exit = try TestExit(server: server, limits: EgressLimits(bodyBytes: 100_000))
        let post = { (count: Int) in
            try exit.answer(
                "POST /local/x HTTP/1.1\r\nHost: x\r\nContent-Length: \(count)\r\n\r\n"
                    + String(repeating: "x", count: count)
            )
        }

        #expect(status(try post(100_000)) == 200)
        #expect(status(try post(100_001)) == 413)
        #expect(status(try post(100_000)) == 200)
    }

    @Test("heads and bodies that do not come are not waited for")
    func slow() throws {
        let limits = EgressLimits(headTime: .milliseconds(150), bodyTime: .milliseconds(150))
        let exit = try TestExit(limits: limits)
        let (silent, half) = (try exit.caller(), try exit.caller())

        half.say("POST /local/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nsome")

        #expect(status(silent.hearAll()) == 408)
        #expect(status(half.hearAll()) == 408)
    }

    @Test("random bytes harm nobody")
    func fuzz() throws {
        let exit = try TestExit(limits: EgressLimits(perMinute: 1000))
        var random = SeededRandom(seed: 11)
        let whole = "CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"

        for _ in 0..<150 {
            var bytes = Array(whole.utf8)
            for _ in 0..<(1 + Int(random.next() % 6)) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(
                    truncatingIfNeeded: random.next()
                )
            }
            let caller = try exit.caller()
            caller.say(bytes)
            caller.end()
            _ = caller.hearAll()
        }

        #expect(status(try exit.get("/nowhere")) == 403)
    }

    @Test("a stop closes the listener and what is under way")
    func stop() async throws {
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
            _ = peer.awaitEnd()
        }
        let exit = try TestExit(server: server)
        let caller = try exit.caller()
        caller.say("GET /local/x HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(caller.hear(until: "some").contains("some"))

        exit.stop()

        #expect(!caller.hearAll().contains("0\r\n\r\n"))
        #expect(try await eventually { (try? exit.caller()) == nil })
    }

    @Test("a way out that is closed says why, whatever is asked, and needs no secret")
    func closed() async throws {
        let server = ScriptedServer { _ in }
        let exit = try TestExit(server: server, closedReason: "a replay has no network")

        for target in [
            "GET /local/x", "GET http://api.example.com/", "CONNECT api.example.com:443",
        ] {
            let answer = try exit.answer("\(target) HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(status(answer) == 403 && answer.hasSuffix("egress: a replay has no network\n"))
        }
        #expect(server.dialled.isEmpty)
    }

    @Test("a secret that is missing or cannot stand in a header is refused without being shown")
    func badSecrets() throws {
        let service = EgressService(
            wall: FixedClock(),
            now: { .zero },
            tell: { _ in }
        )
        defer { service.shutDown() }
        let egress = try EgressConfiguration(parsing: TestExit.configuration)
        let agent = try #require(AgentName("researcher"))
        let listener = LocalListener(kind: .loopback)

        for secret in [nil, "", "short", "canary-with\r\nX-Evil: 1", "canary with a space"] {
            let secrets = secret.map { ["model": $0, "local": $0] } ?? [:]
            let error = #expect(throws: EgressError.self) {
                _ = try service.open(listener.descriptor, for: agent, egress, secrets: secrets)
            }
            #expect(error?.code == .noSecret && error.map { !"\($0)".contains("canary") } == true)
        }
    }

    private struct FixedClock: WallClock {
        func now() -> Instant { Instant(secondsSinceEpoch: 0) }
    }
}
