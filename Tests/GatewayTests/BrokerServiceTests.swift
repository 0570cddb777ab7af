// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Synchronization
import Testing
import Trading

@Suite("Gateway with a broker")
struct BrokerServiceTests {
    private struct FullDisk: Error {}

    private func instrument() throws -> InstrumentID { try InstrumentID("AAA") }

    @Test("an order goes to the broker once it was looked at, and what it fills is protected")
    func entry() throws {
        let scene = try BrokerScene()
        scene.bench.round(1, 0)
        let early = scene.submit("early")
        scene.survey()

        let answer = scene.submit("a")
        let again = scene.submit("a")
        scene.survey()

        #expect(early == "the broker was not looked at yet")
        #expect(answer == "accepted")
        #expect(again == "accepted")
        #expect(scene.venue.taken.values.allSatisfy { $0 == 1 })
        #expect(scene.venue.placed.filter(\.isEntry).count == 1)
        #expect(scene.venue.protected == Decimal8(10))
        #expect(scene.lots.isEmpty)
    }

    @Test("an entry that rests is looked after, so that what it fills is protected within seconds")
    func rests() throws {
        for offset in 0..<10 {
            let scene = try BrokerScene()
            scene.bench.round(1, 0)
            scene.survey()
            scene.venue.fillsMarket = false
            _ = scene.submit("a")
            scene.pass(60 + offset)
            let entry = try #require(scene.venue.placed.first)
            let looks = scene.venue.sent.count

            scene.venue.fill(entry.id, at: 100)
            scene.pass(8)

            #expect(scene.venue.protected == Decimal8(10), "after \(60 + offset) seconds")
            #expect(looks < 45)
        }
    }

    @Test("a stop that never reaches the broker costs at most fifteen seconds without one")
    func lostStop() throws {
        let scene = try BrokerScene()
        scene.bench.round(1, 0)
        scene.survey()
        scene.venue.losesStops = true
        _ = scene.submit("a")
        var bare = 0
        for _ in 0..<60 {
            scene.pass()
            bare += scene.venue.positions.isEmpty ? 0 : 1
        }

        #expect((1...15).contains(bare))
        #expect(scene.venue.fills.count == 2)
        #expect(scene.venue.positions.isEmpty)
        #expect(!scene.bench.service.halt.isHalted)
    }

    @Test(
        "the account has the lot at the next close, with the broker's price, also after a restart"
    )
    func lot() throws {
        let scene = try BrokerScene.holding()
        let before = scene.bench.summary()

        try scene.bench.rebuild()
        scene.bench.round(2, 0)

        #expect(scene.lots.count == 1)
        #expect(scene.lots.first?["price"] == "100")
        #expect(scene.lots.first?["quantity"] == "10")
        #expect(scene.bench.summary()["equity"] == before["equity"])
        #expect(scene.bench.summary()["cash"] == before["cash"])
    }

    @Test("a stop that the broker fills closes the lot at the average of its executions")
    func stop() throws {
        let scene = try BrokerScene.holding()
        let stop = try #require(scene.venue.placed.first { !$0.isEntry })
        scene.venue.fill(stop.id, at: 90, 4)
        scene.survey()
        scene.bench.settle(3)
        let partly = scene.lots.count

        scene.venue.fill(stop.id, at: 85)
        scene.survey()
        scene.bench.settle(4)

        #expect(partly == 1)
        #expect(scene.lots.isEmpty)
        #expect(scene.trades.first?["exitPrice"] == "87")
        #expect(scene.trades.first?["reason"] == "stop")
        #expect(scene.venue.positions.isEmpty)
    }

    @Test(
        "a target, a holding limit and a failed idea are acted upon at the close",
        arguments: [
            ("target", JSON.string("118")), ("holdLimit", 1),
            ("invalidIf", "close > 0"),
        ] as [(String, JSON)]
    )
    func plan(name: String, value: JSON) throws {
        let scene = try BrokerScene()
        scene.bench.round(1, 0)
        scene.survey()
        let plan: JSON = .object([
            .init("stop", "90"), .init("target", name == "target" ? value : .null),
            .init("holdLimit", name == "holdLimit" ? value : 90), .init("invalidation", "none"),
            .init("confidence", "0.5"), .init("risk", "50"),
        ])
        var members: [JSON.Member] = []
        if case .object(let known) = plan { members = known }
        if name == "invalidIf" { members.append(.init(name, value)) }
        let answer = scene.submit("a", changing: ["plan": .object(members)])
        scene.survey()

        scene.bench.settle(2)
        scene.pass(200)
        scene.bench.settle(3)

        #expect(answer == "accepted")
        #expect(scene.venue.positions.isEmpty)
        #expect(scene.venue.protected == .zero)
        let reason = name == "invalidIf" ? "invalidation" : name
        #expect(scene.trades.first?["reason"] == .string(reason))
    }

    @Test("an exit of a client's takes the stop back first and then sells, under its own name")
    func exit() throws {
        let scene = try BrokerScene.holding()
        scene.bench.round(2, 1)
        let lot = try #require(scene.lots.first)

        let reply = scene.bench.ask(.submit, Bench.exit(of: lot, id: "x", day: 2))
        scene.pass(100)
        scene.bench.settle(3)

        #expect(reply["result"]?["state"] == "accepted")
        #expect(scene.trades.first?["exit"] == "x")
        #expect(scene.trades.first?["reason"] == "exit")
        #expect(scene.venue.positions.isEmpty)
    }

    @Test(
        "what the broker does not take is refused before it is sent",
        arguments: [
            ("quantity", JSON.string("1.5"), "whole quantities"),
            ("limit", "120", "orders with a limit"),
        ] as [(String, JSON, String)]
    )
    func terms(name: String, value: JSON, reason: String) throws {
        let scene = try BrokerScene(
            terms: BrokerTerms(longestID: 40, wholeQuantities: true, hasLimits: false)
        )
        scene.bench.round(1, 0)
        scene.survey()

        let answer = scene.submit("a", changing: [name: value])
        let bare = scene.submit("b", stop: .null)
        let long = scene.submit(String(repeating: "c", count: 33))
        let good = scene.submit("d")

        #expect(answer?.contains(reason) == true)
        #expect(bare?.contains("needs a stop") == true)
        #expect(long?.contains("no id of that length") == true)
        #expect(good == "accepted")
        #expect(scene.venue.placed.map(\.id.description) == ["d"])
    }

    @Test("a stop goes to the broker's grid on the side of the entry")
    func grid() throws {
        let scene = try BrokerScene(
            terms: BrokerTerms(priceStep: try #require(Decimal8("0.01")))
        )
        scene.bench.round(1, 0)
        scene.survey()

        _ = scene.submit("a", stop: "90.123")
        scene.survey()

        let stop = scene.venue.placed.first { !$0.isEntry }
        let price = try Price(try #require(Decimal8("90.13")))
        #expect(stop?.kind == .stop(price))
    }

    @Test(
        "a trade by hand is shown, keeps its instrument from being entered, halts beyond the limit"
    )
    func external() throws {
        let scene = try BrokerScene(externalLimit: 5)
        try scene.venue.trade("AAA", 5)
        scene.bench.round(1, 0)
        scene.survey()
        let own = scene.submit("a")
        let other = scene.submit("b", instrument: "BBB")
        let isHalted = scene.bench.service.halt.isHalted

        try scene.venue.trade("CCC", 1)
        scene.survey()

        #expect(own == "somebody holds AAA by hand at the broker")
        #expect(other == "accepted")
        #expect(!isHalted)
        #expect(scene.standing["external"] == ["AAA": "5", "CCC": "1"])
        #expect(scene.bench.service.halt.source == .reconciliation)
        #expect(scene.bench.service.halt.reason == "somebody holds 6 by hand, more than 5")
    }

    @Test("nothing is added to shares that were split, from the first look that tells it")
    func split() throws {
        let scene = try BrokerScene.holding()
        scene.bench.round(2, 1)
        let before = scene.submit("b", day: 2)
        scene.pass(100)

        scene.venue.split = 4
        scene.look()
        let own = scene.submit("c", day: 2)
        let other = scene.submit("d", day: 2, instrument: "BBB")
        let isHalted = scene.bench.service.halt.isHalted

        #expect(before == "accepted")
        #expect(own == "the broker holds another quantity of AAA than was traded")
        #expect(other == "accepted")
        #expect(!isHalted)
        #expect(scene.venue.placed.filter(\.isEntry).map(\.id.description) == ["a", "b", "d"])
    }

    @Test("another account than that of the journal halts the desk and nothing of it is taken in")
    func foreign() throws {
        let scene = try BrokerScene()
        scene.venue.account = BrokerAccount(number: "PA1", cash: nil, equity: nil)
        scene.bench.round(1, 0)
        scene.survey()
        _ = scene.submit("a")
        scene.survey()
        let stops = scene.venue.protected

        scene.venue.account = BrokerAccount(number: "PA2", cash: nil, equity: nil)
        try scene.bench.rebuild()
        scene.pass(300)

        #expect(stops == Decimal8(10))
        #expect(
            scene.bench.service.halt.reason
                == "the broker's account is PA2, and the orders are in PA1"
        )
        #expect(scene.venue.protected == Decimal8(10))
        #expect(scene.venue.positions == [try instrument(): Decimal8(10)])
    }

    @Test("without a way to the broker nothing is entered and sessions are settled all the same")
    func past() throws {
        let scene = try BrokerScene(isConnected: false)
        scene.bench.round(1, 0)

        let answer = scene.submit("a")
        let settled = scene.bench.settle(2)

        #expect(answer?.contains("nothing is entered in the past") == true)
        #expect(settled["result"]?["fills"] == 0)
        #expect(scene.venue.sent.isEmpty)
    }

    @Test("a halt takes back what waits to be filled and keeps what is held protected")
    func halt() throws {
        let scene = try BrokerScene.holding()
        scene.venue.fillsMarket = false
        scene.bench.round(2, 1)
        let waiting = scene.submit("b", day: 2, instrument: "BBB")

        scene.bench.service.engageHalt(.person, "enough", flatten: false)
        scene.pass(40)
        scene.bench.settle(3)
        scene.bench.round(3, 1)

        #expect(waiting == "accepted")
        #expect(scene.venue.sent.contains(.cancel(try OrderID("b"))))
        #expect(scene.venue.positions == [try instrument(): Decimal8(10)])
        #expect(scene.venue.protected == Decimal8(10))
        #expect(scene.submit("c", day: 3, instrument: "CCC")?.contains("halted") == true)
        #expect(scene.bench.service.halt.isDone)
    }

    @Test("a flattening halt sells what is held and is done when nothing is")
    func flatten() throws {
        let scene = try BrokerScene.holding()
        scene.bench.round(2, 1)

        scene.bench.service.engageHalt(.person, "enough", flatten: true)
        let (atOnce, lots) = (scene.bench.service.halt.isDone, scene.bench.service.halt.lots)
        scene.pass(60)
        scene.bench.settle(3)

        #expect(!atOnce)
        #expect(lots == 1)
        #expect(scene.venue.positions.isEmpty)
        #expect(scene.venue.protected == .zero)
        #expect(scene.bench.service.halt.isDone)
        #expect(scene.bench.service.halt.lots == 0)
        #expect(scene.trades.first?["reason"] == "closeAll")
    }

    @Test("a full disk keeps entries from being sent and does not keep a halt from flattening")
    func fullDisk() throws {
        let scene = try BrokerScene.holding()
        scene.bench.round(2, 1)
        let sent = scene.venue.placed.count
        try scene.bench.ledger.limitPages(to: 1)
        var answers: [String?] = []
        for place in 0..<200 {
            answers.append(scene.submit("e\(place)", day: 2, instrument: "BBB"))
        }
        let sentThen = scene.venue.placed.count

        scene.bench.service.engageHalt(.person, "enough", flatten: true)
        scene.pass(100)
        let held = scene.venue.positions
        try scene.bench.ledger.limitPages(to: 1_000_000)
        scene.pass(40)
        scene.bench.settle(3)
        try scene.bench.rebuild()
        scene.bench.round(3, 0)

        let taken = answers.filter { $0 == "accepted" }.count
        #expect(answers.contains { $0?.contains("disk is full") == true })
        #expect(sentThen - sent == taken)
        #expect(held[try instrument()] == nil)
        #expect(scene.lots.isEmpty)
        #expect(scene.venue.taken.values.allSatisfy { $0 == 1 })
    }

    /// A disk that takes nothing while it is told so.
    private final class Disk: Sendable {
        let refuses = Mutex(false)

        func write() throws { if refuses.withLock({ $0 }) { throw FullDisk() } }
    }

    /// An entry that is filled while the disk refuses; what is protected then, and afterwards in a
    /// new life, which knows what the ledger has.
    private func fillWhileRefused(
        uniqueIDs: Bool,
        paysBefore: Bool
    ) throws -> (then: Decimal8, later: Decimal8, venue: TruthfulVenue) {
        let scene = try BrokerScene(uniqueIDs: uniqueIDs)
        let disk = Disk()
        scene.bench.ledger.interfere = { if $0 == .beforeCommit { try disk.write() } }
        try scene.bench.rebuild()
        scene.venue.fillsMarket = false
        scene.bench.round(1, 0)
        scene.survey()
        _ = scene.submit("a")
        scene.pass(2)
        disk.refuses.withLock { $0 = true }
        let entry = try #require(scene.venue.placed.first)
        scene.venue.fill(entry.id, at: 100)
        scene.survey()
        let then = scene.venue.protected
        let second = scene.submit("b", instrument: "BBB")
        #expect(second != "accepted")
        #expect(scene.venue.placed.allSatisfy { $0.entry == entry.id })
        disk.refuses.withLock { $0 = false }
        if paysBefore { scene.survey() }
        try scene.bench.rebuild()
        scene.bench.round(1, 1)
        scene.pass(140)
        return (then, scene.venue.protected, scene.venue)
    }

    @Test(
        "a disk that refuses does not keep a position from its stop, nor double it afterwards",
        arguments: [false, true]
    )
    func fullDiskProtects(paysBefore: Bool) throws {
        let (then, later, venue) = try fillWhileRefused(uniqueIDs: true, paysBefore: paysBefore)

        #expect(then == Decimal8(10))
        #expect(later == Decimal8(10))
        #expect(venue.positions == [try instrument(): Decimal8(10)])
        #expect(venue.taken.values.allSatisfy { $0 == 1 })
    }

    @Test("where a broker may take an id twice, nothing is sent before it is on the disk")
    func fullDiskWaits() throws {
        let (then, later, _) = try fillWhileRefused(uniqueIDs: false, paysBefore: true)

        #expect(then == .zero)
        #expect(later == Decimal8(10))
    }

    @Test("a person who resumes lets the desk enter again")
    func resume() throws {
        let scene = try BrokerScene.holding()
        scene.bench.round(2, 1)
        scene.bench.service.engageHalt(.person, "enough", flatten: false)
        _ = try scene.bench.latch?.post(.resume, flatten: false, reason: "seen")

        scene.bench.service.heedHalt()
        scene.bench.round(2, 9)

        #expect(scene.submit("b", day: 2, instrument: "BBB") == "accepted")
    }

    @Test("a ledger that was traded on paper goes with no broker, and the other way round")
    func otherLedger() throws {
        let paper = try Bench()
        paper.round(1, 0)
        _ = paper.ask(.submit, Bench.entry("a", day: 1))
        let scene = try BrokerScene.holding()

        let onBroker = #expect(throws: GatewayError.self) {
            try paper.ledger.requireFit(hasBroker: true)
        }
        let onPaper = #expect(throws: GatewayError.self) {
            try scene.bench.ledger.requireFit(hasBroker: false)
        }
        let opened = #expect(throws: GatewayError.self) {
            _ = try GatewayService(
                ledger: scene.bench.ledger,
                settings: ServiceSettings(
                    exchange: scene.bench.settings.exchange,
                    limits: scene.bench.settings.limits
                ),
                source: WavePrices()
            )
        }

        #expect(onBroker?.code == .otherDesk)
        #expect(onPaper?.code == .otherDesk)
        #expect(opened?.code == .otherDesk)
    }

    @Test("an order that was given up and turns up all the same is closed and halts the desk")
    func stray() throws {
        let scene = try BrokerScene()
        scene.bench.round(1, 0)
        scene.survey()
        scene.venue.isDeaf = true
        _ = scene.submit("a")
        scene.venue.isDeaf = false
        scene.pass(200)
        scene.bench.settle(2)
        let order = try #require(scene.venue.placed.first)

        scene.venue.send(.place(order))
        scene.survey()
        scene.bench.settle(3)
        scene.pass(100)

        #expect(scene.bench.service.halt.source == .reconciliation)
        #expect(scene.venue.positions.isEmpty)
        #expect(scene.venue.protected == .zero)
    }
}
