// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

extension GatewayService {
    /// Settles a session and reports it; a session that is settled already is reported as it was.
    mutating func settle(_ reader: MessageReader) throws(RequestFailure) -> JSON {
        let time = try checking { () throws(TradingError) in
            try reader.allowOnly(["time"])
            return try reader.instant("time")
        }
        let isSettled = exchange.book.settledThrough.map { time <= $0 } ?? false
        if !isSettled { try settle(at: time, source.prices(at: time)) }
        let settled = exchange.book.settledThrough ?? time
        stamp = max(stamp ?? Stamp(time: settled, round: 0), Stamp(time: settled, round: 0))
        let equity = exchange.equityCurve().last { $0.time <= time }?.equity
        return [
            "settledThrough": .string(settled.description),
            "fills": .int(Int64(fills(at: time))),
            "equity": .string((equity ?? exchange.configuration.capital).description),
            "account": accountFigures(),
        ]
    }

    private mutating func settle(
        at time: Instant,
        _ prices: [InstrumentID: SessionPrices]
    ) throws(RequestFailure) {
        if broker != nil {
            try settleAtBroker(at: time, prices)
            board.take(prices, at: time)
            return
        }
        let settlement: Settlement?
        do throws(TradingError) {
            settlement = try exchange.settlement(
                at: time,
                prices: prices,
                invalidated: invalidated(at: time, prices)
            )
        } catch {
            throw RequestFailure(.settlementRefused, error.description)
        }
        if let settlement {
            try recording { ledger throws(GatewayError) in try ledger.record(settlement) }
            exchange.apply(settlement)
        }
        board.take(prices, at: time)
    }

    /// The sessions in which halts close everything lie so close behind the place at which clients
    /// speak, and do not end it.
    private static let closingNanoseconds: Int64 = 1_000

    /// Moves clients to a round.
    ///
    /// Going back within what is not settled is how an instant is run again.
    mutating func beginRound(_ reader: MessageReader) throws(RequestFailure) -> JSON {
        let (time, round) = try checking { () throws(TradingError) in
            try reader.allowOnly(["time", "round"])
            return (try reader.instant("time"), try reader.int("round"))
        }
        guard (0...1_000_000).contains(round) else {
            throw RequestFailure(.invalidParameters, "params.round: expected 0 to 1000000")
        }
        if let settled = exchange.book.settledThrough,
            time.nanosecondsSinceEpoch + Self.closingNanoseconds < settled.nanosecondsSinceEpoch
        {
            throw RequestFailure(
                .timePassed,
                "\(time) lies before \(settled), which is settled already"
            )
        }
        stamp = Stamp(time: time, round: round)
        if board.quotes.isEmpty { recallPrices(through: time) }
        carryOutHalt()
        return ["time": .string(time.description), "round": .int(Int64(round))]
    }

    /// Sums up the ledger; with `equityCurve: true` every close is listed.
    mutating func summary(_ reader: MessageReader) throws(RequestFailure) -> JSON {
        let wantsCurve = try checking { () throws(TradingError) in
            try reader.allowOnly(["equityCurve"])
            return reader.has("equityCurve") ? try reader.flag("equityCurve") : false
        }
        let digest: ContentHash
        do throws(GatewayError) { digest = try ledger.digest() } catch {
            throw RequestFailure(error)
        }
        let counts = EventCounts(exchange.events)
        let curve = exchange.equityCurve()
        let account = exchange.book.account
        var members: [JSON.Member] = [
            JSON.Member("orders", .int(Int64(exchange.submissions.count))),
            JSON.Member("fills", .int(Int64(counts.fills))),
            JSON.Member("trades", .int(Int64(counts.trades))),
            JSON.Member("wins", .int(Int64(counts.wins))),
            JSON.Member("losses", .int(Int64(counts.losses))),
            JSON.Member("equity", .string(account.equity.description)),
            JSON.Member("cash", .string(account.cash.description)),
            JSON.Member("maxDrawdown", .string((curve.map(\.drawdown).max() ?? .zero).description)),
            JSON.Member("state", .string(finalState.rawValue)),
            JSON.Member(
                "settledThrough",
                exchange.book.settledThrough.map { .string($0.description) } ?? .null
            ),
            JSON.Member("account", accountFigures()),
            JSON.Member("digest", .string(digest.description)),
        ]
        if wantsCurve { members.append(JSON.Member("equityCurve", .array(curve.map(\.json)))) }
        return .object(members)
    }

    /// The state that all instructions so far leave.
    private var finalState: TradingState {
        if halt.isHalted { return .halted }
        guard let last = exchange.controls.last?.stamp else { return .active }
        return exchange.state(before: Stamp(time: last.time, round: last.round + 1))
    }

    private func fills(at time: Instant) -> Int {
        exchange.events.reversed().lazy.drop { $0.time > time }.prefix { $0.time == time }
            .count { event in
                if case .orderFilled = event.kind { true } else { false }
            }
    }
}

private struct EventCounts {
    var fills = 0
    var trades = 0
    var wins = 0
    var losses = 0

    init(_ events: [Event]) {
        for event in events {
            switch event.kind {
            case .orderFilled: fills += 1
            case .lotClosed(let trade):
                trades += 1
                wins += trade.profit > .zero ? 1 : 0
                losses += trade.profit < .zero ? 1 : 0
            case .orderRejected, .orderExpired, .restEnded, .pendingAtLimit, .daySettled,
                .lotFunded, .marginCalled:
                break
            }
        }
    }
}

extension EquityPoint {
    fileprivate var json: JSON {
        [
            "time": .string(time.description),
            "equity": .string(equity.description),
            "cash": .string(cash.description),
            "drawdown": .string(drawdown.description),
        ]
    }
}
