// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Glibc
import Testing
import Trading

/// Prices that a test sets, session by session.
final class ScriptedPrices: SessionPriceSource {
    private var sessions: [(time: Instant, prices: [InstrumentID: SessionPrices])] = []

    /// Four prices, and behind them the lower and the upper limit and the settlement price.
    func add(_ time: Instant, _ code: String, _ texts: [String]) throws {
        let values = try texts.map { try #require(Decimal8($0)) }
        let session = try SessionPrices(
            open: values[0],
            high: values[1],
            low: values[2],
            close: values[3],
            limitUp: try values.count > 5 ? Price(values[5]) : nil,
            limitDown: try values.count > 4 ? Price(values[4]) : nil,
            settlement: try values.count > 6 ? Price(values[6]) : nil
        )
        sessions.append((time, [try InstrumentID(code): session]))
    }

    func prices(at time: Instant) -> [InstrumentID: SessionPrices] {
        sessions.last { $0.time == time }?.prices ?? [:]
    }

    func instants(through time: Instant, limit: Int) -> [Instant] {
        Array(sessions.map(\.time).filter { $0 <= time }.suffix(limit))
    }
}

/// The gateway of a desk that trades one contract, with a ledger in a scratch folder.
final class ContractBench {
    let code: String
    let folder: Folder
    let prices = ScriptedPrices()
    private let settings: ServiceSettings
    private var ledger: Ledger
    var service: GatewayService

    init(_ code: String, capital: String, leverage: Int = 1, premium: String = "0") throws {
        self.code = code
        var template = Array("/tmp/loopdesk-contract-XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&template))
        folder = Folder(String(decoding: template.dropLast().map { UInt8($0) }, as: UTF8.self))
        let contracts = try ContractBook(
            [code],
            holding: .init(leverage: leverage, premium: try #require(Decimal8(premium)))
        )
        let money = Money(try #require(Decimal8(capital)))
        var limits = OrderLimits(capital: money, products: [try InstrumentID(code)])
        for limit in [OrderLimit.orderNotional, .positionNotional] {
            limits[limit] = Money.largestNotional
        }
        for limit in [OrderLimit.signalFraction, .grossExposure, .sectorExposure] {
            limits[limit] = Decimal8(100)
        }
        for limit in [OrderLimit.dailyLoss, .drawdown, .signalRisk, .priceJump] {
            limits[limit] = Decimal8(1)
        }
        settings = ServiceSettings(
            exchange: try ExchangeConfiguration(
                capital: money,
                feeRate: try #require(Decimal8("0.0005")),
                allowsShortSales: true,
                contracts: contracts
            ),
            limits: limits,
            market: ControlMarket(contracts: contracts)
        )
        ledger = try Ledger(
            path: folder.path(of: "ledger.sqlite"),
            capital: money,
            durable: false
        )
        service = try GatewayService(ledger: ledger, settings: settings, source: prices)
    }

    deinit {
        try? ledger.close()
        try? folder.removeAll()
    }

    /// Rebuilds the service from what the ledger holds.
    func reopen() throws {
        try ledger.close()
        ledger = try Ledger(
            path: folder.path(of: "ledger.sqlite"),
            capital: settings.exchange.capital,
            durable: false
        )
        service = try GatewayService(ledger: ledger, settings: settings, source: prices)
    }

    func ask(_ method: GatewayMethod, _ parameters: JSON = [:]) -> JSON {
        let request: JSON = [
            "jsonrpc": "2.0", "id": 1, "method": .string(method.rawValue), "params": parameters,
        ]
        let reply = service.handle(request: request, from: method.roles[0])
        return reply["result"] ?? reply["error"] ?? .null
    }

    /// Lets a session pass and begins the round in which agents speak.
    @discardableResult
    func settle(_ time: String, _ texts: [String]) throws -> JSON {
        let instant = try #require(Instant(time))
        try prices.add(instant, code, texts)
        let result = ask(.settle, ["time": .string(time)])
        _ = ask(.beginRound, ["time": .string(time), "round": 1])
        return result
    }

    /// Hands in a verdict on an entry, with some of its members changed.
    func permit(
        _ intent: String,
        at close: String,
        size: String,
        side: String = "long",
        stop: JSON = .null,
        goodThrough: String
    ) -> JSON {
        ask(
            .recordVerdict,
            [
                "found": "agents/verifier 0123456789",
                "permit": [
                    "verdict": .string("verdict-\(intent)"), "intent": .string(intent),
                    "action": "enter", "symbol": .string(code), "side": .string(side),
                    "strategy": "trend", "size": .string(size), "close": .string(close),
                    "stop": stop, "target": .null, "hold": 100, "invalidIf": .null,
                    "goodThrough": .string(goodThrough),
                ],
            ]
        )
    }

    /// Asks for an entry.
    func enter(
        _ id: String,
        _ quantity: String,
        side: String = "buy",
        stop: JSON = .null,
        target: JSON = .null,
        at time: String
    ) -> String {
        answer(
            ask(
                .submit,
                [
                    "id": .string(id), "instrument": .string(code), "side": .string(side),
                    "quantity": .string(quantity), "asked": .string(time),
                    "signal": .string("s-\(id)"), "strategy": "trend",
                    "plan": [
                        "stop": stop, "target": target, "holdLimit": 100,
                        "invalidation": "none", "confidence": .null, "risk": "50",
                    ],
                ]
            )
        )
    }

    /// Asks to leave what an entry holds, with a verdict that allows it.
    func leave(_ id: String, of entry: String, _ quantity: String, side: String, at time: String)
        -> String
    {
        _ = ask(
            .recordVerdict,
            [
                "found": "agents/verifier 0123456789",
                "permit": [
                    "verdict": .string("verdict-\(id)"), "intent": .string("s-\(id)"),
                    "action": "exit", "symbol": .string(code),
                    "side": .string(side == "sell" ? "long" : "short"), "strategy": "trend",
                    "size": "0", "close": "1", "stop": .null, "target": .null, "hold": .null,
                    "invalidIf": .null, "goodThrough": "2100-01-01",
                ],
            ]
        )
        return answer(
            ask(
                .submit,
                [
                    "id": .string(id), "instrument": .string(code), "side": .string(side),
                    "quantity": .string(quantity), "asked": .string(time),
                    "signal": .string("s-\(id)"), "strategy": "trend", "of": .string(entry),
                    "reason": "exit",
                ]
            )
        )
    }

    /// The account as a client reads it.
    var account: JSON { ask(.readAccount) }

    /// A member of the only position in the metrics.
    func position(_ name: String) -> String? {
        ask(.readMetrics)["positions"]?.arrayValue?.first?[name]?.stringValue
    }

    private func answer(_ result: JSON) -> String {
        result["reason"]?.stringValue ?? result["state"]?.stringValue
            ?? result["message"]?.stringValue ?? "none"
    }
}
