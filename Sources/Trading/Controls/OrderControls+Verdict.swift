// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Whether somebody else has judged what is asked, and let exactly this pass.
extension OrderControls {
    func checkVerdict(_ request: OrderRequest, _ facts: ControlFacts) throws(Refusal) {
        guard let permit = facts.permits[request.signal] else {
            throw Refusal(.verdict, "none has passed on \(request.signal.prefix(200))")
        }
        if let objection = objection(to: request, by: permit, facts) {
            throw Refusal(.verdict, "\(permit.verdict) \(objection)")
        }
    }

    /// In what an order goes beyond its permit; nil when it does not.
    private func objection(
        to request: OrderRequest,
        by permit: OrderPermit,
        _ facts: ControlFacts
    ) -> String? {
        if facts.now.date > permit.goodThrough {
            return "was good through \(permit.goodThrough)"
        }
        if request.instrument != permit.instrument {
            return "is on \(permit.instrument), not on \(request.instrument)"
        }
        if request.strategy != permit.strategy {
            return "is on another strategy"
        }
        switch request.purpose {
        case .exit(let entry):
            guard permit.action == .exit else { return "allows no exit" }
            let isOwn = facts.holdings[entry]?.strategy == permit.strategy
            return isOwn ? nil : "is on what another strategy holds"
        case .entry(let stop, let target):
            guard permit.action == .enter else { return "allows no entry" }
            if request.side != permit.side {
                return "allows to \(permit.side.rawValue), not to \(request.side.rawValue)"
            }
            do throws(Refusal) {
                let terms = try terms(of: request.instrument, facts)
                return objection(to: request, stop: stop, target: target, by: permit, terms)
                    ?? sizeObjection(to: request, by: permit, facts, terms)
            } catch {
                return "cannot be followed: \(error.reason)"
            }
        }
    }

    /// An entry may be at a better price than the one that was judged, and left sooner, but not
    /// worse or later.
    private func objection(
        to request: OrderRequest,
        stop: Price?,
        target: Price?,
        by permit: OrderPermit,
        _ terms: ContractTerms?
    ) -> String? {
        let isLong = permit.side == .buy
        if permit.limit != nil {
            guard let limit = permit.limitPrice(by: terms) else { return "enters at no price" }
            guard let price = request.price, isLong ? price <= limit : price >= limit else {
                return "enters at \(limit) or better"
            }
        }
        if let limit = permit.stopPrice(by: terms) {
            guard let stop, isLong ? stop >= limit : stop <= limit else {
                return "has its stop at \(limit)"
            }
        }
        if let limit = permit.targetPrice(by: terms) {
            guard let target, isLong ? target <= limit : target >= limit else {
                return "has its target at \(limit)"
            }
        }
        if let limit = permit.hold {
            guard let hold = request.holdLimit, hold <= limit else {
                return "holds for \(limit) sessions"
            }
        }
        if let condition = permit.invalidIf, condition != request.invalidIf {
            return "closes when \(condition.prefix(200))"
        }
        return nil
    }

    private func sizeObjection(
        to request: OrderRequest,
        by permit: OrderPermit,
        _ facts: ControlFacts,
        _ terms: ContractTerms?
    ) -> String? {
        if let terms { return lotObjection(to: request, by: permit, facts, terms) }
        let multiplier = market.multipliers[request.instrument] ?? Decimal8(1)
        guard
            let units = permit.units(
                equity: facts.sizingEquity ?? facts.equity,
                multiplier: multiplier
            )
        else {
            return nil
        }
        return request.quantity.value <= Decimal8(units)
            ? nil : "allows \(units) units, not \(request.quantity)"
    }

    /// The cash is not looked at here, since `margin` asks for it as it is now.
    private func lotObjection(
        to request: OrderRequest,
        by permit: OrderPermit,
        _ facts: ControlFacts,
        _ terms: ContractTerms
    ) -> String? {
        do throws(TradingError) {
            let lots = try permit.lots(
                of: terms,
                equity: facts.sizingEquity ?? facts.equity,
                cash: Money(Money.largestNotional),
                risk: limits[.signalRisk]
            )
            return request.quantity.value <= lots
                ? nil : "allows \(lots) lots, not \(request.quantity)"
        } catch {
            return "cannot be followed: \(error.reason)"
        }
    }
}
