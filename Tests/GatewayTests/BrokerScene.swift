// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Processes
import Testing
import Trading

/// A broker that keeps the truth and does what it is told to do wrong, without a clock.
final class TruthfulVenue: VenueLink {
    private struct Live {
        let order: VenueOrder
        var filled = Decimal8.zero
        var standing = VenueReport.Standing.open
    }

    private var orders: [OrderID: Live] = [:]
    private(set) var fills: [VenueFill] = []
    private(set) var sent: [VenueRequest] = []
    /// How often each id was taken as a new order.
    private(set) var taken: [OrderID: Int] = [:]
    private var reports: [VenueReport] = []
    /// Whether market orders are filled as soon as they are taken.
    var fillsMarket = true
    /// Whether nothing that is sent arrives.
    var isDeaf = false
    /// Whether no stop arrives.
    var losesStops = false
    /// How many shares there are for each that was traded, as after a split.
    var split = 1
    var account: BrokerAccount?
    var trouble: String?
    let descriptor: Int32 = -1

    var placed: [VenueOrder] {
        sent.compactMap { if case .place(let order) = $0 { order } else { nil } }
    }

    var looks: Int { sent.count { if case .survey = $0 { true } else { false } } }

    var positions: [InstrumentID: Decimal8] {
        fills.reduce(into: [:]) { $0[$1.instrument, default: .zero] += $1.signedQuantity }
            .filter { $0.value != .zero }
    }

    /// What open stops cover.
    var protected: Decimal8 {
        orders.values.reduce(.zero) { sum, live in
            guard live.standing == .open, case .stop = live.order.kind else { return sum }
            return sum + live.order.quantity.value - live.filled
        }
    }

    func send(_ request: VenueRequest) {
        sent.append(request)
        guard !isDeaf else { return }
        switch request {
        case .place(let order):
            if losesStops, case .stop = order.kind { return }
            if orders[order.id] == nil {
                taken[order.id, default: 0] += 1
                orders[order.id] = Live(order: order)
                if fillsMarket, order.kind == .market { fill(order.id, at: 100) }
            }
            tell(order.id)
        case .cancel(let id):
            if orders[id]?.standing == .open { orders[id]?.standing = .cancelled }
            tell(id)
        case .query(let id): tell(id)
        case .survey(let number): survey(number)
        }
    }

    func takeReports() -> [VenueReport] {
        defer { reports = [] }
        return reports
    }

    /// Fills what is left of an order.
    func fill(_ id: OrderID, at price: Int, _ quantity: Int? = nil) {
        guard let live = orders[id], live.standing == .open else { return }
        let rest = live.order.quantity.value - live.filled
        let size = quantity.map { Decimal8($0) } ?? rest
        execute(id, live.order.instrument, live.order.side, size, price)
        orders[id]?.filled += size
        if size == rest { orders[id]?.standing = .filled }
    }

    /// Somebody trades by hand.
    func trade(_ instrument: String, _ quantity: Int) throws {
        execute(nil, try InstrumentID(instrument), .buy, Decimal8(quantity), 100)
    }

    private func execute(
        _ id: OrderID?,
        _ instrument: InstrumentID,
        _ side: Side,
        _ quantity: Decimal8,
        _ price: Int
    ) {
        // Quantities and prices of a test are ones that can be.
        guard let quantity = try? Quantity(quantity), let price = try? Price(Decimal8(price)) else {
            return
        }
        fills.append(
            VenueFill(
                id: "f\(fills.count)",
                order: id,
                instrument: instrument,
                side: side,
                quantity: quantity,
                price: price
            )
        )
    }

    private func tell(_ id: OrderID) {
        reports.append(.standing(id, orders[id]?.standing ?? .unknown))
    }

    private func survey(_ number: Int) {
        let open = orders.values.filter { $0.standing == .open }.map { live in
            (live.order.id, live.order.quantity)
        }
        reports.append(
            .survey(
                .init(
                    number: number,
                    open: Dictionary(uniqueKeysWithValues: open),
                    fills: fills,
                    positions: positions.mapValues { $0 * Decimal8(split) }
                )
            )
        )
    }
}

/// A bench whose desk trades through a broker, with a clock that is moved by hand.
final class BrokerScene {
    let venue = TruthfulVenue()
    let bench: Bench
    private let box = Box()
    private(set) var seconds: Int64 = 0

    init(
        terms: BrokerTerms = BrokerTerms(),
        externalLimit: Int = 0,
        hasLatch: Bool = true,
        isConnected: Bool = true,
        uniqueIDs: Bool = true,
        limits: (inout OrderLimits) -> Void = { _ in }
    ) throws {
        bench = try Bench(
            hasLatch: hasLatch,
            broker: BrokerSettings(
                link: isConnected ? venue : nil,
                terms: terms,
                rules: .broker(uniqueIDs: uniqueIDs),
                externalLimit: Decimal8(externalLimit),
                tell: { [box] in box.told = $0 }
            ),
            limits: limits
        )
    }

    private final class Box {
        var told: JSON = .null
    }

    /// What the broker's file would say.
    var standing: JSON { box.told }

    /// Lets so many seconds pass, one after the other.
    func pass(_ count: Int = 1) {
        for _ in 0..<count {
            seconds += 1
            bench.service.attendBroker(at: MonotonicInstant(nanoseconds: seconds * 1_000_000_000))
        }
    }

    /// Lets time pass until the venue was looked at again.
    func survey() { pass(32) }

    /// Lets time pass until the next look was asked for and is taken in, and no other.
    func look() {
        let looks = venue.looks
        for _ in 0..<32 where venue.looks == looks { pass() }
        bench.service.attendBroker(at: MonotonicInstant(nanoseconds: seconds * 1_000_000_000))
    }

    func submit(
        _ id: String,
        day: Int = 1,
        instrument: String = "AAA",
        quantity: String = "10",
        stop: JSON = "90",
        changing changes: [String: JSON] = [:]
    ) -> String? {
        var order = Bench.entry(
            id,
            day: day,
            instrument: instrument,
            quantity: quantity,
            hold: 90,
            stop: stop
        )
        if case .object(let members) = order {
            let known = members.map { JSON.Member($0.name, changes[$0.name] ?? $0.value) }
            let new = changes.filter { change in !members.contains { $0.name == change.key } }
            order = .object(known + new.map { .init($0.key, $0.value) })
        }
        let reply = bench.ask(.submit, order)
        return reply["result"]?["reason"]?.stringValue ?? reply["result"]?["state"]?.stringValue
            ?? reply["error"]?["message"]?.stringValue
    }

    /// A scene in which one lot of ten is held and protected.
    static func holding() throws -> BrokerScene {
        let scene = try BrokerScene()
        scene.bench.round(1, 0)
        scene.survey()
        _ = scene.submit("a")
        scene.survey()
        scene.bench.settle(2)
        return scene
    }

    var lots: [JSON] { bench.ask(.readAccount)["result"]?["lots"]?.arrayValue ?? [] }

    var trades: [JSON] {
        let events = bench.ask(.readEvents, ["after": 0])["result"]?["events"]?.arrayValue ?? []
        return events.compactMap { $0["trade"] }
    }
}
