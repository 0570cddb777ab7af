// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Glibc
import Testing
import Trading

@Suite("Gateway server")
struct ServerTests {
    private let read = Wire.line(.readAccount, [:])

    private func code(_ line: String?) throws -> GatewayFault? {
        try line.map { try JSON(parsing: $0) }?.errorCode
    }

    @Test(
        "a client has the role that came with its connection",
        arguments: [ClientRole.executor, .risk, .observer]
    )
    func roles(role: ClientRole) throws {
        let wire = try Wire()
        try wire.beginRound()
        let client = try wire.connect(as: role)

        _ = Wire.send(Wire.line(.submit, Bench.entry("a", day: 1)) + read, to: client)
        let isRunning = try wire.serveAll()
        let replies = Wire.receive(from: client).lines

        #expect(isRunning)
        #expect(replies.count == 2)
        #expect(try code(replies.first) == (role == .executor ? nil : .notAllowed))
        #expect(try code(replies.last) == nil)
    }

    @Test(
        "the door refuses the supervisor's role, unknown roles and lines without a role",
        arguments: ["{\"role\":\"supervisor\"}\n", "{\"role\":\"x\"}\n", "{}\n", "hello\n"]
    )
    func refusedRoles(line: String) throws {
        let wire = try Wire()

        let client = try wire.connect(line)

        #expect(Wire.receive(from: client).isClosed)
        #expect(wire.log.lines.count == 1)
    }

    @Test("a line at the door without a descriptor is refused")
    func noDescriptor() throws {
        let wire = try Wire()

        _ = try wire.connect("{\"role\":\"risk\"}\n", passes: false)

        #expect(wire.log.lines.count == 1)
        #expect(try wire.serveAll())
    }

    @Test("clients beyond the limit are refused")
    func tooManyClients() throws {
        var limits = ServerLimits()
        limits.clients = 1
        let wire = try Wire(limits: limits)

        let first = try wire.connect(as: .risk)
        let second = try wire.connect(as: .risk)

        #expect(!Wire.receive(from: first).isClosed)
        #expect(Wire.receive(from: second).isClosed)
    }

    @Test("a line that arrives in pieces is one line, and two in one piece are two")
    func pieces() throws {
        let wire = try Wire()
        try wire.beginRound()
        let client = try wire.connect(as: .risk)
        let half = read.index(read.startIndex, offsetBy: 20)

        _ = Wire.send(String(read[..<half]), to: client)
        _ = try wire.serveAll()
        let early = Wire.receive(from: client).lines
        _ = Wire.send(String(read[half...]) + read, to: client)
        _ = try wire.serveAll()

        #expect(early.isEmpty)
        #expect(Wire.receive(from: client).lines.count == 2)
    }

    @Test("what is not JSON gets an error and the connection lives on")
    func notJSON() throws {
        let wire = try Wire()
        try wire.beginRound()
        let client = try wire.connect(as: .risk)

        _ = Wire.send("nonsense\n\n" + read, to: client)
        _ = try wire.serveAll()
        let replies = Wire.receive(from: client).lines

        #expect(try replies.map { try code($0) } == [.notJSON, .notJSON, nil])
    }

    @Test(
        "a client that sends an overlong line is dropped and others are not",
        arguments: [true, false]
    )
    func overlongLine(isWhole: Bool) throws {
        var limits = ServerLimits()
        limits.lineBytes = 200
        let wire = try Wire(limits: limits)
        try wire.beginRound()
        let bad = try wire.connect(as: .risk)
        let good = try wire.connect(as: .risk)

        _ = Wire.send(String(repeating: "x", count: 201) + (isWhole ? "\n" : ""), to: bad)
        _ = Wire.send(read, to: good)
        _ = try wire.serveAll()

        #expect(Wire.receive(from: bad).isClosed)
        #expect(Wire.receive(from: good).lines.count == 1)
        #expect(wire.log.lines == ["dropped a client that sent an overlong line"])
    }

    @Test("a client that does not read is dropped, and nobody waits for it")
    func slowReader() throws {
        var limits = ServerLimits()
        limits.outputBytes = 10_000
        let wire = try Wire(limits: limits)
        try wire.beginRound()
        let slow = try wire.connect(as: .risk)
        let quick = try wire.connect(as: .risk)

        for _ in 0..<200 where wire.log.lines.isEmpty {
            _ = Wire.send(String(repeating: read, count: 100), to: slow)
            _ = try wire.server.turn(waitingMilliseconds: 0)
        }
        _ = Wire.send(read, to: quick)
        _ = try wire.serveAll()

        #expect(wire.log.lines == ["dropped a client that does not read its replies"])
        #expect(Wire.receive(from: quick).lines.count == 1)
    }

    @Test("replies larger than a socket's buffer arrive whole, in parts")
    func partialWrites() throws {
        let wire = try Wire()
        try wire.beginRound()
        let client = try wire.connect(as: .risk)
        var sent = 0
        for _ in 0..<40 where Wire.send(String(repeating: read, count: 100), to: client) > 0 {
            sent += 100
            _ = try wire.server.turn(waitingMilliseconds: 0)
        }

        var text = 0
        for _ in 0..<200 {
            text += Wire.receive(from: client).lines.count {
                $0.hasSuffix("}") && $0.hasPrefix("{")
            }
            _ = try wire.server.turn(waitingMilliseconds: 0)
        }

        #expect(sent >= 2_000)
        #expect(text >= sent - 100)
        #expect(wire.log.lines.isEmpty)
    }

    @Test("a client that leaves is forgotten and the server goes on")
    func leaving() throws {
        let wire = try Wire()
        try wire.beginRound()
        let client = try wire.connect(as: .risk)
        _ = Wire.send(read, to: client)
        shutdown(client, Int32(SHUT_WR))

        let isRunning = try wire.serveAll()
        let received = Wire.receive(from: client)

        #expect(isRunning)
        #expect(received.lines.count == 1)
        #expect(received.isClosed)
        #expect(wire.log.lines.isEmpty)
    }

    @Test("the end of the control input ends the server after its last commands")
    func controlEnds() throws {
        let wire = try Wire()
        let client = try wire.connect(as: .risk)
        _ = try wire.command("nonsense\n")
        wire.endControl()

        try wire.server.run()

        #expect(Wire.receive(from: client).isClosed)
    }

    @Test("the end of the door is no end of the server")
    func doorEnds() throws {
        let wire = try Wire()
        let client = try wire.connect(as: .risk)
        wire.closeDoor()
        try wire.beginRound()

        _ = Wire.send(read, to: client)

        #expect(try wire.serveAll())
        #expect(Wire.receive(from: client).lines.count == 1)
    }

    @Test("an overlong control line ends the server with an error")
    func overlongControl() throws {
        var limits = ServerLimits()
        limits.lineBytes = 100
        let wire = try Wire(limits: limits)

        let error = #expect(throws: GatewayError.self) {
            try wire.command(String(repeating: "x", count: 101))
        }

        #expect(error?.code == .connection)
    }

    @Test("a supervisor that does not read its replies ends the server with an error")
    func stuckSupervisor() throws {
        var limits = ServerLimits()
        limits.outputBytes = 1_000
        let wire = try Wire(limits: limits)

        let error = #expect(throws: GatewayError.self) {
            for _ in 0..<400 {
                wire.pour(String(repeating: read, count: 100))
                _ = try wire.server.turn(waitingMilliseconds: 0)
            }
        }

        #expect(error?.code == .connection)
    }
}
