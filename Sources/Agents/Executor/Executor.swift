// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
public import Trading

/// Turns passed verdicts on intents into orders, and reports what the gateway settled.
public struct Executor: AgentTurn {
    private let gateway: GatewayClient
    private let contracts: ContractBook

    /// Trades through a connection to the gateway; the contracts are those of the desk.
    public init(gateway: GatewayClient, contracts: ContractBook = .empty) {
        self.gateway = gateway
        self.contracts = contracts
    }

    /// Says `order` for each passed verdict, and `fill` and `trade` for what has happened since.
    public func turn(_ input: TurnInput) throws -> TurnOutput {
        var gateway = gateway
        var output = TurnOutput(state: input.state, summary: "")
        var decisions = DecisionPrices(input.state)
        var story = try reportEvents(&gateway, input, &decisions, &output)
        var account: AccountReport?
        for signal in input.signals(.verdict) {
            guard let verdict = try IntentVerdict(signal) else { continue }
            let known = try account ?? gateway.account()
            account = known
            story += try place(verdict, known, &gateway, input, &decisions, &output)
        }
        decisions.write(to: &output.state)
        output.summary = story.isEmpty ? "nothing to do" : story.joined(separator: "; ")
        return output
    }

    // MARK: - Orders

    private func place(
        _ verdict: IntentVerdict,
        _ account: AccountReport,
        _ gateway: inout GatewayClient,
        _ input: TurnInput,
        _ decisions: inout DecisionPrices,
        _ output: inout TurnOutput
    ) throws -> [String] {
        let order: Order
        do {
            order = try makeOrder(verdict, account, input.time)
        } catch let refusal {
            output.notes.append("No order for \(verdict.intent): \(refusal.reason).\n")
            sayUnfilled(verdict, state: "unplaced", refusal.reason, &output)
            return ["no order for \(verdict.symbol): \(refusal.reason)"]
        }
        let answer = try gateway.submit(order)
        var state = "accepted"
        var reason = ""
        if case .rejected(let why) = answer { (state, reason) = ("rejected", why) }
        output.say(
            .order,
            [
                "order": .string(order.id.description), "intent": .string(verdict.intent),
                "verdict": .string(verdict.id), "action": .string(verdict.action),
                "symbol": .string(verdict.symbol), "side": .string(order.side.rawValue),
                "quantity": .string(order.quantity.description), "state": .string(state),
                "reason": .string(reason), "strategy_hash": .string(verdict.strategyHash),
            ]
        )
        let words = "\(order.side.rawValue) \(order.quantity) \(verdict.symbol)"
        guard state == "rejected" else {
            decisions.note(order.id, verdict.close)
            return ["order: \(words)"]
        }
        // The gateway has no event for an order that it never took.
        sayUnfilled(verdict, state: state, reason, &output)
        return ["order refused: \(words): \(reason)"]
    }

    /// An intent whose order will never be filled is over, and those who wait for it must know.
    private func sayUnfilled(
        _ verdict: IntentVerdict,
        state: String,
        _ reason: String,
        _ output: inout TurnOutput
    ) {
        output.say(
            .fill,
            [
                "order": .string(verdict.orderName), "state": .string(state),
                "reason": .string(reason), "symbol": .string(verdict.symbol),
            ]
        )
    }

    /// Why an intent leads to no order.
    private struct Unplaced: Error {
        let reason: String
    }

    /// Makes the order of a verdict.
    /// - Throws: ``Unplaced``; what makes one order impossible must not keep back the others.
    private func makeOrder(
        _ verdict: IntentVerdict,
        _ account: AccountReport,
        _ time: Instant
    ) throws(Unplaced) -> Order {
        guard time.date <= verdict.goodThrough else {
            throw Unplaced(reason: "the verdict was good through \(verdict.goodThrough)")
        }
        do {
            return verdict.isEntry
                ? try makeEntry(verdict, account, time) : try makeExit(verdict, account, time)
        } catch let refusal as Unplaced {
            throw refusal
        } catch {
            throw Unplaced(reason: "\(error)")
        }
    }

    private func makeExit(
        _ verdict: IntentVerdict,
        _ account: AccountReport,
        _ time: Instant
    ) throws -> Order {
        let lot = account.lots.first {
            $0.strategy == verdict.strategyHash && $0.instrument.description == verdict.symbol
        }
        guard let lot else { throw Unplaced(reason: "nothing to close") }
        return try Order(
            id: try OrderID(verdict.orderName),
            instrument: lot.instrument,
            side: lot.side.opposite,
            quantity: lot.quantity,
            purpose: .exit(of: lot.entry, .exit),
            asked: time,
            signal: verdict.intent,
            strategy: verdict.strategyHash
        )
    }

    private func makeEntry(
        _ verdict: IntentVerdict,
        _ account: AccountReport,
        _ time: Instant
    ) throws -> Order {
        let permit = try verdict.permit()
        let terms = try contracts.session(of: permit.instrument, endingAt: time, after: nil)?.terms
        let quantity = try size(permit, terms, account)
        return try Order(
            id: try OrderID(verdict.orderName),
            instrument: permit.instrument,
            side: permit.side,
            quantity: quantity,
            purpose: .entry(try permit.plan(units: quantity, by: terms)),
            asked: time,
            signal: verdict.intent,
            strategy: verdict.strategyHash,
            limit: permit.limitPrice(by: terms)
        )
    }

    /// How much a verdict allows: whole units by its share of equity, and lots of a contract by the
    /// risk to the stop and the margin as well.
    private func size(
        _ permit: OrderPermit,
        _ terms: ContractTerms?,
        _ account: AccountReport
    ) throws -> Quantity {
        if let terms {
            let lots = try permit.lots(
                of: terms,
                equity: account.equity,
                cash: account.freeCash,
                risk: account.signalRisk
            )
            guard lots > .zero else {
                throw Unplaced(reason: "the size, the risk or the cash does not bear one lot")
            }
            return try Quantity(lots)
        }
        guard let units = permit.units(equity: account.equity) else {
            throw Unplaced(reason: "more than \(Quantity.largest) units")
        }
        guard units > 0 else { throw Unplaced(reason: "too little equity for one unit") }
        return try Quantity(Decimal8(units))
    }

    // MARK: - Events

    private func reportEvents(
        _ gateway: inout GatewayClient,
        _ input: TurnInput,
        _ decisions: inout DecisionPrices,
        _ output: inout TurnOutput
    ) throws -> [String] {
        var story: [String] = []
        var after = input.state["last_event"]?.intValue ?? 0
        while true {
            let report = try gateway.events(after: after)
            for event in report.events { story += say(event, &decisions, &output) }
            after = report.events.last?.sequence ?? after
            if after >= report.last || report.events.isEmpty { break }
        }
        output.state["last_event"] = .int(Int64(after))
        return story
    }

    private func say(
        _ event: Event,
        _ decisions: inout DecisionPrices,
        _ output: inout TurnOutput
    ) -> [String] {
        switch event.kind {
        case .orderFilled(let fill):
            output.say(
                .fill,
                [
                    "order": .string(fill.order.description),
                    "entry": .string(fill.entry.description), "state": "filled",
                    "symbol": .string(fill.instrument.description),
                    "side": .string(fill.side.rawValue),
                    "quantity": .string(fill.quantity.description),
                    "price": .string(fill.price.description), "fee": .string(fill.fee.description),
                    "time": .string(fill.time.description),
                ]
            )
            let words = "\(fill.side.rawValue) \(fill.quantity) \(fill.instrument)"
            return ["filled \(words) at \(fill.price)"]
        case .orderRejected(let order, let reason):
            decisions.forget(order)
            return Self.say(order, "rejected", reason, &output)
        case .orderExpired(let order, let reason):
            decisions.forget(order)
            return Self.say(order, "expired", reason, &output)
        case .restEnded(let order, let reason):
            return ["the rest of \(order) is given up: \(reason.rawValue)"]
        case .lotClosed(let trade):
            let multiplier = contracts.multiplier(of: trade.instrument)
            let slippage = decisions.slippage(of: trade, multiplier: multiplier)
            output.say(.trade, Self.body(of: trade, slippage))
            let sign = trade.profit.value.isNegative ? "lost" : "won"
            let amount = trade.profit.value.magnitude.rounded(places: 2)
            return ["\(trade.instrument) \(sign) \(amount) (\(trade.reason.rawValue))"]
        case .pendingAtLimit(let order):
            return ["\(order) waits: the market is locked at its limit"]
        // The account tells what they came to.
        case .daySettled, .lotFunded: return []
        case .marginCalled(let missing): return ["margin call: \(missing) is missing"]
        }
    }

    private static func say(
        _ order: OrderID,
        _ state: String,
        _ reason: Rejection,
        _ output: inout TurnOutput
    ) -> [String] {
        output.say(
            .fill,
            [
                "order": .string(order.description), "state": .string(state),
                "reason": .string(reason.rawValue),
            ]
        )
        return ["\(order) \(state): \(reason.rawValue)"]
    }

    private static func body(of trade: Trade, _ slippage: [JSON.Member]) -> JSON {
        let members: JSON = [
            "entry": .string(trade.entry.description), "exit": .string(trade.exit.description),
            "intent": .string(trade.signal), "strategy_hash": .string(trade.strategy),
            "symbol": .string(trade.instrument.description), "side": .string(trade.side.rawValue),
            "quantity": .string(trade.quantity.description),
            "entry_price": .string(trade.entryPrice.description),
            "exit_price": .string(trade.exitPrice.description),
            "opened": .string(trade.opened.description),
            "closed": .string(trade.closed.description),
            "sessions": .int(Int64(trade.sessionsHeld)),
            "pnl": .string(trade.profit.description), "fees": .string(trade.fees.description),
            "reason": .string(trade.reason.rawValue),
        ]
        return .object((members.objectValue ?? []) + slippage)
    }
}
