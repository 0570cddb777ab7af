// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Reads a model's decisions, strictly: what is not of the form is no decision.
///
/// Two dialects are understood and become one: signals `buy_to_enter`, `sell_to_enter`, `hold` and
/// `close_position`, and signals `entry`, `hold` and `close` with a `side`. Decisions stand in an
/// object by symbol, in a list, or alone.
package struct DecisionParser {
    /// What is known of a symbol.
    package struct Facts {
        /// The last price.
        package let price: Double
        /// The side of the position that is held; nil for none.
        package let held: String?
        /// The sides on which a position may be entered.
        package let sides: [String]

        package init(price: Double, held: String?, sides: [String]) {
            self.price = price
            self.held = held
            self.sides = sides
        }
    }

    /// What was read.
    package struct Reading {
        /// The decisions by symbol.
        package var decisions: [String: Decision] = [:]
        /// What is wrong, each symbol at most once, sorted.
        package var faults: [DecisionFault] = []
    }

    package let facts: [String: Facts]

    package init(facts: [String: Facts]) {
        self.facts = facts
    }

    static let members = [
        "coin", "symbol", "signal", "side", "quantity", "profit_target", "stop_loss",
        "invalidation_condition", "leverage", "confidence", "risk_usd", "justification",
    ]
    /// The longest text of a decision, in bytes.
    static let textLimit = 2000

    /// Reads a model's last words.
    /// - Throws: A ``ReplyFault`` when they are no decisions at all.
    ///
    /// Of the symbols in `others` nothing is read, and it is no fault to say something of them.
    package func read(
        _ text: String,
        amid others: [String: Facts] = [:]
    ) throws(ReplyFault) -> Reading {
        let entries = try entries(of: try ReplyText.value(text))
        var reading = Reading()
        var faults: [String: DecisionFault] = [:]
        func note(_ fault: DecisionFault) {
            // Of a symbol with a fault nothing is taken, whatever else is said of it.
            reading.decisions[fault.symbol] = nil
            if faults[fault.symbol] == nil { faults[fault.symbol] = fault }
        }
        for (name, value) in entries {
            let said = name ?? value["coin"]?.stringValue ?? value["symbol"]?.stringValue ?? ""
            if facts[said] == nil, others[said] != nil { continue }
            do throws(DecisionFault) {
                let decision = try decision(name, value)
                guard reading.decisions[decision.symbol] == nil, faults[decision.symbol] == nil
                else {
                    throw DecisionFault(
                        code: .twice,
                        symbol: decision.symbol,
                        reason: "is decided twice"
                    )
                }
                reading.decisions[decision.symbol] = decision
            } catch {
                note(error)
            }
        }
        for symbol in facts.keys.sorted()
        where reading.decisions[symbol] == nil && faults[symbol] == nil {
            note(DecisionFault(code: .missing, symbol: symbol, reason: "nothing is decided"))
        }
        reading.faults = faults.keys.sorted().compactMap { faults[$0] }
        return reading
    }

    /// The decisions with the names under which they stand.
    private func entries(of value: JSON) throws(ReplyFault) -> [(name: String?, value: JSON)] {
        switch value {
        case .array(let elements): return elements.map { (nil, $0) }
        case .object(let members):
            // A decision that stands alone names its symbol itself.
            if members.contains(where: { $0.name == "signal" }) { return [(nil, value)] }
            if members.count == 1, members[0].name == "decisions" {
                return try entries(of: members[0].value)
            }
            return members.map { ($0.name, $0.value["trade_signal_args"] ?? $0.value) }
        default: throw .form("expected an object with a member for each symbol")
        }
    }

    private func decision(_ name: String?, _ value: JSON) throws(DecisionFault) -> Decision {
        let said = value["coin"]?.stringValue ?? value["symbol"]?.stringValue
        let symbol = String((name ?? said ?? "?").prefix(40))
        func fault(_ code: DecisionFault.Code, _ reason: String) -> DecisionFault {
            DecisionFault(code: code, symbol: symbol, reason: reason)
        }
        guard let known = facts[name ?? said ?? ""] else {
            let list = facts.keys.sorted().joined(separator: ", ")
            throw fault(.unknownSymbol, "is not asked about; the symbols are \(list)")
        }
        if let said, let name, said != name {
            throw fault(.form, "'\(said.prefix(40))' stands under another name")
        }
        let fields: JSONFields
        do throws(JSONError) {
            fields = try JSONFields(value, path: symbol)
            try fields.allowOnly(Self.members)
        } catch {
            throw fault(.form, error.message)
        }
        let action = try action(fields, fault)
        let numbers = try DecisionNumbers(fields, fault)
        let decision = Decision(
            symbol: symbol,
            action: action,
            quantity: numbers.quantity,
            profitTarget: numbers.profitTarget,
            stopLoss: numbers.stopLoss,
            invalidation: try text("invalidation_condition", fields, fault),
            leverage: numbers.leverage,
            confidence: numbers.confidence,
            risk: numbers.risk,
            justification: try text("justification", fields, fault)
        )
        try check(decision, known, fault)
        return decision
    }

    private func text(
        _ name: String,
        _ fields: JSONFields,
        _ fault: (DecisionFault.Code, String) -> DecisionFault
    ) throws(DecisionFault) -> String {
        guard let value = fields.optional(name) else { return "" }
        guard let text = value.stringValue, text.utf8.count <= Self.textLimit else {
            throw fault(.form, "\(name): expected a text of at most \(Self.textLimit) bytes")
        }
        return text
    }

    private func action(
        _ fields: JSONFields,
        _ fault: (DecisionFault.Code, String) -> DecisionFault
    ) throws(DecisionFault) -> Decision.Action {
        let side = fields.optional("side")
        guard let signal = fields.optional("signal")?.stringValue else {
            throw fault(.unknownAction, "signal: missing, or no text")
        }
        if let side, side != "long", side != "short" {
            throw fault(.form, "side: expected long or short")
        }
        switch signal {
        case "buy_to_enter" where side != "short": return .enter(side: "long")
        case "sell_to_enter" where side != "long": return .enter(side: "short")
        case "entry":
            guard let side = side?.stringValue else {
                throw fault(.missingPlan, "side: missing; an entry is long or short")
            }
            return .enter(side: side)
        case "hold": return .hold
        case "close", "close_position": return .close
        case "buy_to_enter", "sell_to_enter":
            throw fault(.form, "side: does not fit the signal")
        default:
            throw fault(
                .unknownAction,
                "signal: found '\(signal.prefix(40))'; expected buy_to_enter, sell_to_enter,"
                    + " hold or close_position"
            )
        }
    }

    private func check(
        _ decision: Decision,
        _ known: Facts,
        _ fault: (DecisionFault.Code, String) -> DecisionFault
    ) throws(DecisionFault) {
        switch decision.action {
        case .hold: return
        case .close:
            guard known.held != nil else { throw fault(.illegalAction, "nothing is held to close") }
        case .enter(let side):
            guard known.held == nil else {
                throw fault(.illegalAction, "a position is held; only hold and close_position fit")
            }
            guard known.sides.contains(side) else {
                throw fault(.illegalAction, "no approved strategy enters \(side) now")
            }
            guard let stop = decision.stopLoss, let target = decision.profitTarget,
                decision.quantity.map({ $0 > 0 }) == true, decision.confidence != nil,
                decision.risk != nil,
                decision.invalidation.contains(where: { !$0.isWhitespace })
            else {
                throw fault(
                    .missingPlan,
                    "an entry needs quantity, profit_target, stop_loss, invalidation_condition,"
                        + " confidence and risk_usd"
                )
            }
            let isOrdered =
                side == "long"
                ? stop < known.price && known.price < target
                : target < known.price && known.price < stop
            guard isOrdered else {
                throw fault(
                    .wrongSide,
                    "stop_loss and profit_target must lie on both sides of the price"
                        + " \(known.price), the stop where the position loses"
                )
            }
        }
    }
}
