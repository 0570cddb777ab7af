// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

/// For each limit two scenes: one that breaks this limit alone, and one just within it.
///
/// A limit without a case does not compile.
struct LimitCase {
    let limit: OrderLimit
    /// What the limit says, for the table in the documentation.
    let rule: String
    /// Sets the scene; true when the limit is to be broken.
    let set: (inout ControlScene, Bool) throws -> Void

    init(_ limit: OrderLimit) {
        self.limit = limit
        (rule, set) = Self.content(of: limit)
    }

    func scene(breaking: Bool) throws -> ControlScene {
        var scene = try ControlScene()
        try set(&scene, breaking)
        return scene
    }

    private typealias Content = (String, (inout ControlScene, Bool) throws -> Void)

    private static func content(of limit: OrderLimit) -> Content {
        switch limit {
        case .state, .reduceOnly, .products, .signal: permission(limit)
        case .orderAge, .duplicateWindow, .ordersPerMinute, .waitingOrders, .verdict: flow(limit)
        case .quote, .dataAge, .priceJump, .priceCollar, .planSide, .planCollar: price(limit)
        case .grid, .margin: contract(limit)
        case .orderQuantity, .orderNotional, .signalFraction, .signalRisk: size(limit)
        case .positionNotional, .sectorExposure, .grossExposure, .eventDays, .dailyLoss,
            .drawdown:
            account(limit)
        }
    }

    private static func permission(_ limit: OrderLimit) -> Content {
        switch limit {
        case .state:
            return (
                "a halted desk takes cancels alone, a reducing one also what reduces",
                { scene, isBroken in scene.facts.state = isBroken ? .reducing : .active }
            )
        case .reduceOnly:
            return (
                "an exit closes at most what its entry holds, in the other direction",
                { scene, isBroken in
                    try scene.hold("e", .buy, "10")
                    scene.exitOf = "e"
                    scene.side = .sell
                    scene.quantity = isBroken ? "10.00000001" : "10"
                }
            )
        case .products:
            return (
                "only these instruments are traded; by default those of `market`",
                { scene, isBroken in
                    try scene.quote("ELSE", last: "100")
                    scene.instrument = isBroken ? "ELSE" : "ACME"
                }
            )
        default:
            return (
                "a signal asks for one order and no more",
                { scene, isBroken in
                    let signal = isBroken ? "s-a" : "s-b"
                    try scene.remember(
                        signal,
                        strategy: "calm",
                        instrument: "OTHER",
                        secondsAgo: 900_000
                    )
                }
            )
        }
    }

    private static func flow(_ limit: OrderLimit) -> Content {
        switch limit {
        case .orderAge:
            return (
                "an order was asked at most so long ago, and not in the future",
                { scene, isBroken in
                    scene.asked = ControlScene.now.adding(seconds: isBroken ? -86_401 : -86_400)
                }
            )
        case .duplicateWindow:
            return (
                "a strategy does not ask for the same side of the same instrument again within",
                { scene, isBroken in
                    try scene.remember("s-b", strategy: "trend", secondsAgo: isBroken ? 59 : 60)
                }
            )
        case .ordersPerMinute:
            return (
                "orders within a minute",
                { scene, isBroken in
                    scene.limits[.ordersPerMinute] = Decimal8(3)
                    for number in 0..<(isBroken ? 3 : 2) {
                        try scene.remember("s-\(number)", strategy: "x\(number)", secondsAgo: 59)
                    }
                }
            )
        case .verdict:
            return (
                "a verdict has passed on the signal, and the order does not go beyond it",
                { scene, isBroken in scene.isPermitted = !isBroken }
            )
        default:
            return (
                "orders that wait at a time",
                { scene, isBroken in scene.facts.waitingOrders = isBroken ? 200 : 199 }
            )
        }
    }

    private static func price(_ limit: OrderLimit) -> Content {
        switch limit {
        case .quote:
            return (
                "the instrument has a price, and its bid lies below its ask",
                { scene, isBroken in
                    try scene.quote("ACME", last: "100", bid: isBroken ? "101" : "99", ask: "101")
                }
            )
        case .dataAge:
            return (
                "the last price is at most so old",
                { scene, isBroken in
                    let age: Int64 = 5 * 86_400 + (isBroken ? 1 : 0)
                    try scene.quote("ACME", last: "100", secondsAgo: age)
                }
            )
        case .priceJump:
            return (
                "the last price lies within this fraction of the one before",
                { scene, isBroken in
                    scene.limits[.priceJump] = Decimal8(units: Decimal8.scale / 4)
                    try scene.quote("ACME", last: "100", previous: isBroken ? "79.99" : "80")
                }
            )
        case .priceCollar:
            return (
                "a limit price or trigger lies within this fraction of the last price",
                { scene, isBroken in scene.price = isBroken ? "110.00000001" : "110" }
            )
        case .planSide:
            return (
                "the stop lies on the losing side of the last price, the target on the other",
                { scene, isBroken in scene.stop = isBroken ? "100" : "99.99999999" }
            )
        default:
            return (
                "stop and target lie within this fraction of the last price",
                { scene, isBroken in scene.target = isBroken ? "150.00000001" : "150" }
            )
        }
    }

    private static func contract(_ limit: OrderLimit) -> Content {
        limit == .grid
            ? (
                "a contract's stop, target and limit are prices and its quantity lots of its venue",
                { scene, isBroken in
                    try scene.trade(contract: "rb2505", at: "3500")
                    scene.stop = isBroken ? "3449.5" : "3449"
                }
            )
            : (
                "the free cash bears the margin and the fee of a contract",
                { scene, isBroken in
                    try scene.trade(contract: "rb2505", at: "3500")
                    // 3500 · 10 · 7 %, and 0.01 % of it as the fee.
                    let text = isBroken ? "2453.49999999" : "2453.5"
                    scene.facts.freeCash = try Samples.money(text)
                }
            )
    }

    private static func size(_ limit: OrderLimit) -> Content {
        switch limit {
        case .orderQuantity:
            return (
                "units of an instrument in one order",
                { scene, isBroken in
                    scene.limits[.orderQuantity] = Decimal8(10)
                    scene.quantity = isBroken ? "10.00000001" : "10"
                }
            )
        case .orderNotional:
            return (
                "price times quantity of one order; by default 5 % of the capital",
                { scene, isBroken in
                    scene.limits[.orderNotional] = Decimal8(1_000)
                    scene.quantity = isBroken ? "10.00000001" : "10"
                }
            )
        case .signalFraction:
            return (
                "notional of one signal, as a fraction of equity",
                { scene, isBroken in scene.quantity = isBroken ? "20.00000001" : "20" }
            )
        default:
            return (
                "loss at the stop, as a fraction of equity; without a stop, the whole notional",
                { scene, isBroken in
                    scene.limits[.signalRisk] = Decimal8(units: Decimal8.scale / 1_000)
                    scene.quantity = "20"
                    scene.stop = isBroken ? "94.99999999" : "95"
                }
            )
        }
    }

    private static func account(_ limit: OrderLimit) -> Content {
        switch limit {
        case .positionNotional:
            return (
                "held of one instrument or waiting for it; by default 30 % of the capital",
                { scene, isBroken in
                    scene.limits[.sectorExposure] = Decimal8(1)
                    try scene.expose("ACME", isBroken ? "29000.00000001" : "29000")
                }
            )
        case .sectorExposure:
            return (
                "held of one sector or waiting for it, as a fraction of equity",
                { scene, isBroken in
                    try scene.expose("OTHER", isBroken ? "29000.00000001" : "29000")
                }
            )
        case .grossExposure:
            return (
                "all that is held or waits, as a fraction of equity",
                { scene, isBroken in try scene.expose("ELSE", isBroken ? "99000.01" : "99000") }
            )
        case .eventDays:
            return (
                "no entry filled so many days before an event through its day (`fomc`, `earnings`)",
                { scene, isBroken in
                    let day = ControlScene.now.date.nextWeekday
                    scene.commonEvents = [day.adding(days: isBroken ? 0 : 1)]
                }
            )
        case .dailyLoss:
            return (
                "lost since the last close before today, as a fraction of that",
                { scene, isBroken in
                    scene.facts.equity = try Samples.money(isBroken ? "96999.99999999" : "97000")
                }
            )
        default:
            return (
                "below the highest equity, as a fraction of that",
                { scene, isBroken in
                    scene.facts.equity = try Samples.money("95000")
                    scene.facts.dayStart = scene.facts.equity
                    scene.facts.peak = try Samples.money(isBroken ? "100000.00000001" : "100000")
                }
            )
        }
    }
}
