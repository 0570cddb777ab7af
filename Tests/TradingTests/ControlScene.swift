// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing
import Trading

/// An order, the account and the limits, in which everything is in order until a test changes it.
struct ControlScene {
    static let now = Instant(secondsSinceEpoch: 946_684_800 + 10 * 86_400)

    var limits: OrderLimits
    var sectors: [InstrumentID: String]
    var commonEvents: [CalendarDate] = []
    var ownEvents: [(CalendarDate, String)] = []
    var facts: ControlFacts
    var earlier: [(OrderRequest, Instant)] = []
    var contracts = ContractBook.empty

    var id = "a"
    var signal = "s-a"
    var strategy = "trend"
    var instrument = "ACME"
    var side = Side.buy
    var quantity = "10"
    var stop: String? = "95"
    var target: String? = "110"
    var price: String?
    var exitOf: String?
    var asked = Self.now
    var holdLimit: Int?
    /// Whether a verdict has passed on the order as it stands; a test may set another one.
    var isPermitted = true

    init() throws {
        let acme = try InstrumentID("ACME")
        let other = try InstrumentID("OTHER")
        let capital = try Samples.money("100000")
        limits = OrderLimits(capital: capital, products: [acme, other])
        sectors = [acme: "metal", other: "metal"]
        facts = ControlFacts(
            now: Self.now,
            state: .active,
            equity: capital,
            peak: capital,
            dayStart: capital
        )
        try quote("ACME", last: "100", previous: "99")
        try quote("OTHER", last: "50", previous: "50")
    }

    mutating func quote(
        _ name: String,
        last: String,
        previous: String? = nil,
        bid: String? = nil,
        ask: String? = nil,
        secondsAgo: Int64 = 0
    ) throws {
        func price(_ text: String?) throws -> Price? {
            try text.map { try Price(Samples.decimal($0)) }
        }
        facts.quotes[try InstrumentID(name)] = Quote(
            last: try Price(Samples.decimal(last)),
            previous: try price(previous),
            bid: try price(bid),
            ask: try price(ask),
            time: Self.now.adding(seconds: -secondsAgo)
        )
    }

    /// Asks for one lot of a contract, on a day of which the tables know everything, from an
    /// account that bears it.
    mutating func trade(contract code: String, at price: String) throws {
        let capital = try Samples.money("10000000")
        contracts = try ContractSamples.book([code])
        instrument = code
        quantity = "1"
        stop = nil
        target = nil
        asked = try ContractSamples.shanghai("2024-12-20T15:00")
        limits = OrderLimits(capital: capital, products: [try InstrumentID(code)])
        facts.now = asked
        (facts.equity, facts.peak, facts.dayStart) = (capital, capital, capital)
        (facts.sizingEquity, facts.freeCash) = (capital, capital)
        let last = try Price(Samples.decimal(price))
        facts.quotes[try InstrumentID(code)] = Quote(
            last: last,
            previous: nil,
            bid: nil,
            ask: nil,
            time: asked
        )
    }

    mutating func hold(_ entry: String, _ side: Side, _ quantity: String) throws {
        facts.holdings[try OrderID(entry)] = .init(
            instrument: try InstrumentID("ACME"),
            side: side,
            quantity: try Quantity(Samples.decimal(quantity)),
            strategy: "trend"
        )
    }

    mutating func expose(_ name: String, _ amount: String) throws {
        facts.exposures[try InstrumentID(name)] = try Samples.money(amount)
    }

    /// Notes an order of another signal that was let through some seconds ago.
    mutating func remember(
        _ signal: String,
        strategy: String,
        instrument: String = "ACME",
        secondsAgo: Int64
    ) throws {
        var scene = self
        scene.signal = signal
        scene.strategy = strategy
        scene.instrument = instrument
        earlier.append((try scene.request(), Self.now.adding(seconds: -secondsAgo)))
    }

    func request() throws -> OrderRequest {
        func price(_ text: String?) throws -> Price? {
            try text.map { try Price(Samples.decimal($0)) }
        }
        let purpose: OrderRequest.Purpose =
            if let exitOf {
                .exit(of: try OrderID(exitOf))
            } else {
                .entry(stop: try price(stop), target: try price(target))
            }
        return OrderRequest(
            id: try OrderID(id),
            signal: signal,
            strategy: strategy,
            instrument: try InstrumentID(instrument),
            side: side,
            quantity: try Quantity(Samples.decimal(quantity)),
            purpose: purpose,
            holdLimit: holdLimit,
            price: try price(self.price),
            asked: asked
        )
    }

    var controls: OrderControls {
        var controls = OrderControls(
            limits: limits,
            market: ControlMarket(
                sectors: sectors,
                contracts: contracts,
                commonEvents: EventCalendar(
                    commonEvents.map { .init(date: $0, label: "meeting") }
                ),
                ownEvents: EventCalendar(ownEvents.map { .init(date: $0.0, label: $0.1) })
            )
        )
        for (request, time) in earlier { controls.note(request, at: time) }
        return controls
    }

    func verdict() throws -> ControlVerdict { try verdict(of: controls) }

    func verdict(of controls: OrderControls) throws -> ControlVerdict {
        var facts = facts
        if isPermitted, facts.permits[signal] == nil { facts.permits[signal] = try permit() }
        return controls.verdict(on: try request(), facts)
    }

    /// What a verdict that has passed on the order allows, with some of its members changed.
    func permit(changing changes: [String: JSON] = [:]) throws -> OrderPermit {
        let isLong = (side == .buy) == (exitOf == nil)
        let members: [(String, JSON)] = [
            ("verdict", "verdict-1"), ("intent", .string(signal)),
            ("action", exitOf == nil ? "enter" : "exit"), ("symbol", .string(instrument)),
            ("side", isLong ? "long" : "short"), ("strategy", .string(strategy)),
            ("size", "90000000000"), ("close", "0.00000001"), ("stop", .null), ("target", .null),
            ("hold", .null), ("invalidIf", .null),
            ("goodThrough", .string(facts.now.date.description)),
        ]
        let others = changes.filter { change in !members.contains { $0.0 == change.key } }
        let json = JSON.object(
            members.map { .init($0.0, changes[$0.0] ?? $0.1) }
                + others.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
        )
        return try OrderPermit(try MessageReader(json, path: "permit"))
    }
}
