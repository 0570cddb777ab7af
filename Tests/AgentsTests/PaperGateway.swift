// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

/// A gateway in memory: a paper exchange behind the lines that a client sends.
final class PaperGateway {
    var exchange: PaperExchange
    var stamp: Stamp
    /// The most events in one answer.
    var page = EventsReport.longest
    /// The methods asked for, oldest first.
    private(set) var asked: [String] = []
    /// The orders submitted, oldest first.
    private(set) var submitted: [Order] = []
    /// The reasons of halts, oldest first.
    private(set) var halts: [String] = []

    init(
        capital: Int = 1_000_000,
        shorts: Bool = false,
        contracts: ContractBook = .empty,
        at time: Instant
    ) throws {
        exchange = PaperExchange(
            configuration: try ExchangeConfiguration(
                capital: Money(Decimal8(capital)),
                allowsShortSales: shorts,
                waitingLimit: 2,
                contracts: contracts
            )
        )
        stamp = Stamp(time: time, round: 1)
    }

    var client: GatewayClient {
        GatewayClient { line in try self.answer(line) }
    }

    /// Settles a session at flat prices and moves to its first round.
    func settle(_ time: Instant, _ prices: [String: String]) throws {
        var sessions: [InstrumentID: SessionPrices] = [:]
        for (name, text) in prices {
            let price = try #require(Decimal8(text))
            sessions[try InstrumentID(name)] = try SessionPrices(
                open: price,
                high: price,
                low: price,
                close: price
            )
        }
        _ = try exchange.settle(at: time, prices: sessions)
        stamp = Stamp(time: time, round: 1)
    }

    /// Answers one request.
    func answer(_ line: String) throws -> String {
        let request = try JSON(parsing: line)
        let method = try #require(request["method"]?.stringValue)
        asked.append(method)
        let parameters = try #require(request["params"])
        let members: [JSON.Member] = [.init("jsonrpc", "2.0"), .init("id", request["id"] ?? .null)]
        guard let result = try result(method, MessageReader(parameters, path: "params")) else {
            let error: JSON = ["code": -32602, "message": "params.reason: too long"]
            return JSON.object(members + [.init("error", error)]).compactText
        }
        return JSON.object(members + [.init("result", result)]).compactText
    }

    private func result(_ method: String, _ reader: MessageReader) throws -> JSON? {
        switch try #require(GatewayMethod(rawValue: method)) {
        case .submit: return submit(try Order(reader))
        case .readAccount: return AccountReport(exchange, at: stamp).json
        case .readEvents:
            return EventsReport(exchange, after: try reader.int("after"), limit: page).json
        case .closeAll, .halt:
            let reason = try reader.text("reason")
            guard (1...Control.longestReason).contains(reason.utf8.count) else { return nil }
            let isHalt = method == GatewayMethod.halt.rawValue
            if isHalt { halts.append(reason) }
            exchange.record(Control(isHalt ? .halt : .closeAll, reason: reason, at: stamp))
            return ["recorded": true]
        default: return nil
        }
    }

    private func submit(_ order: Order) -> JSON {
        submitted.append(order)
        guard case .rejected(let reason) = exchange.submit(order, at: stamp).original else {
            return ["state": "accepted"]
        }
        return ["state": "rejected", "reason": .string(reason.rawValue)]
    }
}
