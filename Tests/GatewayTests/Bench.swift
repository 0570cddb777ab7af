// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Glibc
import struct Quant.Execution
import Testing
import Trading

/// Prices of a few instruments that depend on the day alone.
struct WavePrices: SessionPriceSource {
    func prices(at time: Instant) -> [InstrumentID: SessionPrices] {
        let day = Int((time.secondsSinceEpoch - 946_684_800) / 86_400)
        var sessions: [InstrumentID: SessionPrices] = [:]
        for (place, name) in Bench.instruments.enumerated() where (day + place) % 7 != 0 {
            let open = 100 + (day * (place + 3) * 7) % 23
            let close = 100 + (day * (place + 5) * 11) % 19
            let session = try? SessionPrices(
                open: Decimal8(open),
                high: Decimal8(max(open, close) + 2),
                low: Decimal8(min(open, close) - 3),
                close: Decimal8(close),
                volume: Double((day * (place + 2) * 13) % 97)
            )
            if let instrument = try? InstrumentID(name) { sessions[instrument] = session }
        }
        return sessions
    }

    func instants(through time: Instant, limit: Int) -> [Instant] {
        let last = (time.secondsSinceEpoch - 946_684_800) / 86_400
        return (max(0, last - Int64(limit) + 1)...max(0, last)).map { day in
            Instant(secondsSinceEpoch: 946_684_800 + day * 86_400)
        }
    }
}

/// A ledger in a scratch folder with a service on it, and short ways to ask.
final class Bench {
    static let instruments = ["AAA", "BBB", "CCC"]

    let folder: Folder
    var ledger: Ledger
    var service: GatewayService
    let settings: ServiceSettings
    /// Whether every order finds that a verdict has passed on it as it stands.
    var isPermitting = true
    /// The kill switch; nil for a bench without one.
    private(set) var latch: HaltLatch?
    private let source = WavePrices()

    init(
        capital: Int = 100_000,
        hasLatch: Bool = false,
        execution: Execution = .immediate,
        now: (() -> Instant)? = nil,
        broker: BrokerSettings? = nil,
        newLimits: @escaping () -> OrderLimits? = { nil },
        limits: (inout OrderLimits) -> Void = { _ in }
    ) throws {
        var template = Array("/tmp/loopdesk-gateway-XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&template))
        folder = Folder(String(decoding: template.dropLast().map { UInt8($0) }, as: UTF8.self))
        let configuration = try ExchangeConfiguration(
            capital: Money(Decimal8(capital)),
            feeRate: try #require(Decimal8("0.0007")),
            slippageRate: try #require(Decimal8("0.0003")),
            allowsShortSales: true,
            waitingLimit: 2,
            execution: execution
        )
        var wide = try Self.wideLimits(capital)
        limits(&wide)
        settings = ServiceSettings(
            exchange: configuration,
            limits: wide,
            now: now,
            broker: broker,
            newLimits: newLimits
        )
        latch = hasLatch ? try HaltLatch(in: folder) : nil
        ledger = try Ledger(
            path: folder.path(of: "ledger.sqlite"),
            capital: configuration.capital,
            durable: false
        )
        service = try GatewayService(
            ledger: ledger,
            settings: settings,
            source: source,
            latch: latch
        )
    }

    /// Limits that nothing reaches by itself; a test sets the one that it is about.
    static func wideLimits(_ capital: Int) throws -> OrderLimits {
        var limits = OrderLimits(
            capital: Money(Decimal8(capital)),
            products: Set(try instruments.map { try InstrumentID($0) })
        )
        for limit in OrderLimit.numbers {
            switch limit.form {
            case .quantity, .amount: limits[limit] = Money.largestNotional
            case .span where limit != .duplicateWindow: limits[limit] = Decimal8(365 * 86_400)
            case .span, .fixed, .list: limits[limit] = .zero
            case .fraction: limits[limit] = Decimal8(100)
            case .count: limits[limit] = limit == .eventDays ? .zero : Decimal8(100_000)
            }
        }
        return limits
    }

    deinit {
        try? ledger.close()
        try? folder.removeAll()
    }

    /// Opens the same file again, as a new process would.
    func reopen() throws {
        try ledger.close()
        ledger = try Ledger(
            path: folder.path(of: "ledger.sqlite"),
            capital: settings.exchange.capital,
            durable: true
        )
        try rebuild()
    }

    /// Rebuilds the service from what the ledger holds.
    func rebuild() throws {
        service = try GatewayService(
            ledger: ledger,
            settings: settings,
            source: source,
            latch: latch
        )
    }

    static func day(_ number: Int) -> String {
        Instant(secondsSinceEpoch: 946_684_800 + Int64(number) * 86_400).description
    }

    func ask(
        _ method: GatewayMethod,
        _ parameters: JSON = [:],
        as role: ClientRole? = nil
    ) -> JSON {
        if method == .submit, isPermitting { permit(parameters) }
        let request: JSON = [
            "jsonrpc": "2.0", "id": 1, "method": .string(method.rawValue), "params": parameters,
        ]
        return service.handle(request: request, from: role ?? method.roles[0])
    }

    /// Hands in a verdict that lets an order pass as it stands, with some members changed.
    @discardableResult
    func permit(_ order: JSON, changing changes: [String: JSON] = [:]) -> JSON {
        ask(.recordVerdict, Self.permit(order, changing: changes))
    }

    static func permit(_ order: JSON, changing changes: [String: JSON] = [:]) -> JSON {
        let isExit = order["of"] != nil
        let isLong = (order["side"] == "buy") != isExit
        let members: [(String, JSON)] = [
            ("verdict", .string("verdict-of-\(order["signal"]?.stringValue ?? "")")),
            ("intent", order["signal"] ?? .null), ("action", isExit ? "exit" : "enter"),
            ("symbol", order["instrument"] ?? .null), ("side", isLong ? "long" : "short"),
            ("strategy", order["strategy"] ?? .null), ("size", "100"), ("close", "0.00000001"),
            ("stop", .null), ("target", .null), ("hold", .null), ("invalidIf", .null),
            ("goodThrough", "2100-01-01"),
        ]
        return [
            "found": "agents/verifier 0123456789",
            "permit": .object(members.map { .init($0.0, changes[$0.0] ?? $0.1) }),
        ]
    }

    @discardableResult
    func settle(_ day: Int) -> JSON { ask(.settle, ["time": .string(Self.day(day))]) }

    @discardableResult
    func round(_ day: Int, _ round: Int) -> JSON {
        ask(.beginRound, ["time": .string(Self.day(day)), "round": .int(Int64(round))])
    }

    static func entry(
        _ id: String,
        day: Int,
        instrument: String = "AAA",
        side: String = "buy",
        quantity: String = "10",
        hold: Int64 = 3,
        stop: JSON = .null
    ) -> JSON {
        [
            "id": .string(id), "instrument": .string(instrument), "side": .string(side),
            "quantity": .string(quantity), "asked": .string(Self.day(day)),
            "signal": .string("s-\(id)"), "strategy": "trend",
            "plan": [
                "stop": stop, "target": .null, "holdLimit": .int(hold), "invalidation": "none",
                "confidence": "0.5", "risk": "50",
            ],
        ]
    }

    static func exit(of lot: JSON, id: String, day: Int) -> JSON {
        [
            "id": .string(id), "instrument": lot["instrument"] ?? .null,
            "side": lot["side"] == "buy" ? "sell" : "buy", "quantity": lot["quantity"] ?? .null,
            "asked": .string(Self.day(day)), "signal": .string("s-\(id)"), "strategy": "trend",
            "of": lot["entry"] ?? .null, "reason": "exit",
        ]
    }

    func summary() -> JSON { ask(.summary)["result"] ?? .null }
}

extension JSON {
    var errorCode: GatewayFault? {
        self["error"]?["code"]?.intValue.flatMap { GatewayFault(rawValue: $0) }
    }
}
