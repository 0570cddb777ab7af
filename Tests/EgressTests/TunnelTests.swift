// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Egress
import TestSupport
import Testing

@Suite("The way out and its tunnels", .timeLimit(.minutes(1)))
struct TunnelTests {
    /// Lists one name and the loopback, so that a server of the test can be reached by that name.
    private func exit(
        to server: ScriptedServer,
        limits: EgressLimits = EgressLimits()
    ) throws -> TestExit {
        try TestExit(
            "hosts: [\"far.example.com:\(server.port)\", \"127.0.0.1:\(server.port)\"]",
            limits: limits,
            names: ["far.example.com": ["127.0.0.9", "127.0.0.1"]]
        )
    }

    private func tunnel(_ exit: TestExit, _ server: ScriptedServer) throws -> Peer {
        let caller = try exit.caller()
        caller.say("CONNECT far.example.com:\(server.port) HTTP/1.1\r\nHost: x\r\n\r\n")
        return caller
    }

    @Test("bytes go both ways unchanged, also those sent ahead, and are counted")
    func carried() async throws {
        let server = ScriptedServer.onLoopback({ peer in
            peer.say("welcome \(peer.hear(until: "done"))")
        })
        let exit = try exit(to: server)
        let caller = try exit.caller()

        caller.say("CONNECT far.example.com:\(server.port) HTTP/1.1\r\n\r\n\u{16}\u{3}early ")
        #expect(caller.hear(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        caller.say("late done")
        let answer = caller.hearAll()
        caller.end()

        #expect(answer == "welcome \u{16}\u{3}early late done")
        let event = try #require(try await exit.events(1).first)
        #expect(event.target == "far.example.com:\(server.port)" && event.outcome == "tunnel")
        #expect(event.sentBytes == 17 && event.receivedBytes == 25 && !event.isRefused)
    }

    @Test("a large body goes through whole, however slowly it is read")
    func large() async throws {
        let count = 8 << 20
        let server = ScriptedServer.onLoopback({ peer in
            peer.say([UInt8](repeating: 0x78, count: count))
        })
        let exit = try exit(to: server)
        let caller = try tunnel(exit, server)

        caller.pass(milliseconds: 100)
        let all = caller.hearAll()
        caller.end()

        #expect(all.utf8.count == count + "HTTP/1.1 200 Connection established\r\n\r\n".utf8.count)
        #expect(try await exit.events(1).first?.receivedBytes == count)
    }

    @Test("one side may end its half and still hear the other")
    func halfClosed() async throws {
        let server = ScriptedServer.onLoopback({ peer in
            let all = peer.hearAll()
            peer.say("heard \(all)")
        })
        let exit = try exit(to: server)
        let caller = try tunnel(exit, server)
        #expect(caller.hear(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))

        caller.say("all of it")
        caller.end()

        #expect(caller.hearAll() == "heard all of it")
        #expect(try await exit.events(1).map(\.outcome) == ["tunnel"])
    }

    @Test("a tunnel that carries nothing, lasts too long or carries too much is ended")
    func limits() async throws {
        let server = ScriptedServer.onLoopback({ peer in
            while peer.say("x") { peer.pass(milliseconds: 10) }
        })
        let silent = ScriptedServer.onLoopback({ _ = $0.awaitEnd() })
        let cases: [(ScriptedServer, EgressLimits, String)] = [
            (silent, EgressLimits(idleTime: .milliseconds(100)), "nothing came"),
            (server, EgressLimits(totalTime: .milliseconds(200)), "too long"),
            (server, EgressLimits(carriedBytes: 10), "more than 10 bytes"),
        ]

        for (server, limits, outcome) in cases {
            let exit = try exit(to: server, limits: limits)
            _ = try tunnel(exit, server).hearAll()
            let events = try await exit.events(1)
            #expect(events.first?.outcome.contains(outcome) == true, "\(events)")
        }
    }

    @Test("the time without a byte counts from the last one")
    func idleTime() async throws {
        let server = ScriptedServer.onLoopback({ peer in
            for _ in 0..<8 where peer.say("x") { peer.pass(milliseconds: 100) }
            _ = peer.awaitEnd()
        })
        let exit = try exit(to: server, limits: EgressLimits(idleTime: .milliseconds(500)))

        let heard = try tunnel(exit, server).hearAll()

        #expect(heard.hasSuffix("xxxxxxxx"))
        #expect(try await exit.events(1).map(\.outcome) == ["nothing came for too long"])
    }

    @Test("a host that nobody answers at is told as such")
    func nobody() async throws {
        let gone = ScriptedServer.onLoopback({ _ in })
        let port = gone.port
        let exit = try TestExit("hosts: [\"127.0.0.8:\(port)\"]")

        let answer = try exit.answer("CONNECT 127.0.0.8:\(port) HTTP/1.1\r\n\r\n")

        #expect(status(answer) == 502)
        #expect(try await exit.events(1).count == 1)
    }
}
