// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Processes
import Testing
import Trading

@Suite("Alarms of the gateway")
struct AlarmTests {
    /// A clock that a test moves.
    private final class Hand: MonotonicClock, @unchecked Sendable {
        // Moved and read by one thread alone, that of the test.
        var moment = MonotonicInstant(nanoseconds: 0)
        func now() -> MonotonicInstant { moment }
        func move(_ span: Duration) { moment = moment.advanced(by: span) }
    }

    private func wire(_ clock: Hand, needsRisk: Bool = true) throws -> Wire {
        try Wire(hasLatch: true) { bench in
            GatewayAlarms(
                doorbell: try Doorbell(folder: bench.folder.folder(HaltLatch.folderName).path),
                signal: nil,
                clock: clock,
                needsRisk: needsRisk
            )
        }
    }

    private func submit(_ wire: Wire, _ client: Int32, _ id: String) throws -> String {
        let order = Bench.entry(id, day: 1)
        _ = try wire.command(Wire.line(.recordVerdict, Bench.permit(order)))
        _ = Wire.send(Wire.line(.submit, order), to: client)
        _ = try wire.serveAll()
        let reply = try JSON(parsing: Wire.receive(from: client).lines.last ?? "{}")
        let result = reply["result"]
        return result?["reason"]?.stringValue ?? result?["state"]?.stringValue
            ?? reply["error"]?["message"]?.stringValue ?? ""
    }

    private let beat = String(decoding: GatewayMethod.beat, as: UTF8.self) + "\n"

    @Test("nothing is entered before the risk agent has come and after it has gone")
    func riskLeaves() throws {
        let wire = try wire(Hand())
        try wire.beginRound()
        let executor = try wire.connect(as: .executor)
        let early = try submit(wire, executor, "a")
        let risk = try wire.connect(as: .risk)
        let present = try submit(wire, executor, "b")

        wire.hangUp(risk)
        _ = try wire.serveAll()
        let gone = try submit(wire, executor, "c")
        _ = try wire.connect(as: .risk)

        #expect(early == "state: the desk only reduces")
        #expect(present == "accepted")
        #expect(gone == "state: the desk only reduces")
        #expect(try submit(wire, executor, "d") == "accepted")
    }

    @Test("a risk agent that has begun to beat and falls silent is away within two seconds")
    func riskHangs() throws {
        let clock = Hand()
        let wire = try wire(clock)
        try wire.beginRound()
        let executor = try wire.connect(as: .executor)
        let risk = try wire.connect(as: .risk)
        clock.move(.seconds(5))
        let quiet = try submit(wire, executor, "a")
        _ = Wire.send(beat, to: risk)
        _ = try wire.serveAll()
        clock.move(.milliseconds(1_400))
        let beating = try submit(wire, executor, "b")
        clock.move(.milliseconds(200))
        let silent = try submit(wire, executor, "c")

        #expect(quiet == "accepted")
        #expect(beating == "accepted")
        #expect(silent == "state: the desk only reduces")
        #expect(Wire.receive(from: risk).lines.isEmpty)
    }

    @Test("a risk agent that stays away halts the desk for good")
    func riskStaysAway() throws {
        let clock = Hand()
        let wire = try wire(clock)
        try wire.beginRound()
        clock.move(RiskWatch.absence)
        _ = try wire.serveAll()
        let before = try wire.bench.latch?.state().isHalted
        clock.move(.milliseconds(1))
        _ = try wire.serveAll()
        _ = try wire.connect(as: .risk)
        let executor = try wire.connect(as: .executor)

        #expect(before == false)
        #expect(try wire.bench.latch?.state().source == .absence)
        #expect(try submit(wire, executor, "a") == "state: the desk is halted")
    }

    @Test("a beat of another role is no beat but a request that is answered")
    func strangeBeat() throws {
        let wire = try wire(Hand())
        try wire.beginRound()
        let executor = try wire.connect(as: .executor)

        _ = Wire.send(beat, to: executor)
        _ = try wire.serveAll()

        #expect(Wire.receive(from: executor).lines.count == 1)
        #expect(try submit(wire, executor, "a") == "state: the desk only reduces")
    }

    @Test("a request to the latch rings, and is heeded before what a client has sent meanwhile")
    func doorbell() throws {
        let wire = try wire(Hand(), needsRisk: false)
        try wire.beginRound()
        let executor = try wire.connect(as: .executor)
        let before = try submit(wire, executor, "a")

        _ = try wire.bench.latch?.post(.halt, flatten: false, reason: "now")

        #expect(before == "accepted")
        #expect(try submit(wire, executor, "b") == "state: the desk is halted")
        #expect(try wire.bench.latch?.state().handled == 1)
    }

    @Test("of two executors the newer one trades, and the older one may only look")
    func fence() throws {
        let wire = try wire(Hand(), needsRisk: false)
        try wire.beginRound()
        let older = try wire.connect(as: .executor)
        let first = try submit(wire, older, "a")
        let newer = try wire.connect(as: .executor)

        let fenced = try submit(wire, older, "b")
        _ = Wire.send(Wire.line(.readAccount, [:]), to: older)
        _ = try wire.serveAll()

        #expect(first == "accepted")
        #expect(fenced == "another executor has taken over")
        #expect(Wire.receive(from: older).lines.last?.contains("\"result\"") == true)
        #expect(try submit(wire, newer, "b") == "accepted")
    }
}
