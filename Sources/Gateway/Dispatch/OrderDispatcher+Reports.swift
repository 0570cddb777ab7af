// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Trading

extension OrderDispatcher {
    /// Takes in what the venue says, in whatever order and however often.
    public mutating func take(_ report: VenueReport) -> [DispatchEffect] {
        switch report {
        case .standing(let id, let standing): return settle(id, standing)
        case .fill(let fill): return take(fill)
        case .survey(let survey): return take(survey)
        }
    }

    private mutating func take(_ fill: VenueFill) -> [DispatchEffect] {
        // Only a survey tells the size of what was forgotten.
        guard !isForgotten(fill.order) else { return askForSurvey() }
        guard book(fill) else { return [] }
        var effects: [DispatchEffect] = [.write(.fill(fill))]
        guard let id = fill.order, let tracked = orders[id] else {
            return effects + checkExternal()
        }
        guard fill.fits(tracked.order) else {
            return effects + stop("the venue tells of an execution of \(id) that does not fit it")
        }
        guard tracked.rest >= .zero else {
            return effects + stop("the venue has filled more of \(id) than was ordered")
        }
        // The venue has it, whatever was said before.
        if tracked.rest == .zero {
            effects += end(id, .filled)
        } else if tracked.standing == .unknown || tracked.standing == .lost {
            orders[id]?.standing = .working
        }
        return effects + advance(tracked.order.entry)
    }

    private mutating func settle(
        _ id: OrderID,
        _ standing: VenueReport.Standing
    ) -> [DispatchEffect] {
        guard let tracked = orders[id] else { return [] }
        switch standing {
        case .open:
            guard tracked.standing == .unknown || tracked.standing == .lost else { return [] }
            orders[id]?.standing = .working
        // What is filled counts when its executions are booked, and not before.
        case .filled: return askForSurvey()
        // A venue that does not know an order may have forgotten it, or not have it yet.
        case .unknown: return []
        case .cancelled where tracked.standing.isOpen || tracked.standing == .lost:
            return end(id, .cancelled) + askForSurvey() + advance(tracked.order.entry)
        // That one sending was not taken says nothing of the others.
        case .declined where tracked.order.reducesOnly && rules.uniqueIDs:
            return heedDecline(of: tracked)
        case .refused where tracked.standing.isOpen || tracked.standing == .lost,
            .declined where tracked.standing.isOpen || tracked.standing == .lost:
            return end(id, .refused) + advance(tracked.order.entry)
        case .cancelled, .refused, .declined: return []
        }
        return advance(tracked.order.entry)
    }

    private mutating func take(_ survey: VenueReport.Survey) -> [DispatchEffect] {
        // A survey that was held up, or is of an earlier life, proves nothing of what is missing.
        let isNew = survey.number > takenSurvey && survey.number > life * 1_000_000
        var effects = isNew ? adoptForgotten(survey) : []
        for fill in survey.fills.sorted(by: { $0.id < $1.id }) { effects += take(fill) }
        for id in survey.open.keys.sorted() { effects += settle(id, .open) }
        guard isNew else { return effects }
        takenSurvey = survey.number
        isReconciled = true
        let isWhole = Set(survey.fills.map(\.id)).isSuperset(of: fills.keys)
        if isWhole { effects += compare(survey.positions.filter { $0.value != .zero }) }
        effects += resize(by: survey)
        effects += giveUpLost(survey)
        effects += takeBackEnded(survey)
        return effects + advanceAll()
    }

    /// Takes back what is open at the venue of orders that have ended, such as one that a life
    /// which was thought dead has sent late.
    ///
    /// A survey that was asked for before the end may tell of it as it was.
    private mutating func takeBackEnded(_ survey: VenueReport.Survey) -> [DispatchEffect] {
        var effects: [DispatchEffect] = []
        for id in survey.open.keys.sorted() {
            guard let tracked = orders[id], !tracked.standing.isOpen, tracked.standing != .filled,
                let end = tracked.surveyAtEnd, end < survey.number
            else { continue }
            orders[id]?.standing = .working
            orders[id]?.surveyAtEnd = nil
            orders[id]?.endedAt = nil
            effects += cancel(id)
        }
        return effects
    }

    /// Halts the desk when the venue goes on saying that other things are held than are booked.
    private mutating func compare(_ held: [InstrumentID: Decimal8]) -> [DispatchEffect] {
        let booked = positions
        reshaped = booked.reduce(into: [:]) { ratios, position in
            ratios[position.key] = held[position.key].flatMap {
                SplitRatio(from: position.value, to: $0)
            }
        }
        guard held != booked else {
            disagreements = 0
            return []
        }
        disagreements += 1
        guard disagreements >= rules.disagreements else { return [] }
        let others = Set(booked.keys).union(held.keys).contains {
            held[$0] != booked[$0] && reshaped[$0] == nil
        }
        guard let (instrument, ratio) = reshaped.min(by: { $0.key < $1.key }), !others else {
            return stop("the venue's positions are not the sum of its executions")
        }
        return stop(
            "the venue holds \(held[instrument] ?? .zero) \(instrument) where its executions come"
                + " to \(booked[instrument] ?? .zero), as after a split of \(ratio); protect or"
                + " close it there, nothing is sent for it any more"
        )
    }

    /// Ends orders that have been in doubt for longer than anything can be on its way, and of which
    /// the venue has nothing.
    private mutating func giveUpLost(_ survey: VenueReport.Survey) -> [DispatchEffect] {
        var effects: [DispatchEffect] = []
        let open = orders.values.filter { $0.standing.isOpen }.map(\.order.id)
        for id in open.sorted() {
            guard let tracked = orders[id], tracked.standing.isOpen, survey.open[id] == nil,
                now - tracked.sentAt > rules.horizon
            else { continue }
            // It was there and is not any more, or never came.
            let standing: OrderStanding = tracked.standing == .working ? .cancelled : .lost
            effects += end(id, standing) + advance(tracked.order.entry)
        }
        return effects
    }

    private mutating func end(_ id: OrderID, _ standing: OrderStanding) -> [DispatchEffect] {
        guard orders[id]?.standing != standing else { return [] }
        orders[id]?.standing = standing
        orders[id]?.surveyAtEnd = standing == .filled ? nil : lastSurvey
        orders[id]?.endedAt = now
        return [.write(.ended(id, standing))]
    }

    private mutating func checkExternal() -> [DispatchEffect] {
        let sum = externalPositions.values.reduce(Decimal8.zero) { $0 + $1.magnitude }
        guard sum > externalLimit else { return [] }
        return stop("somebody holds \(sum) by hand, more than \(externalLimit)")
    }

    mutating func stop(_ reason: String) -> [DispatchEffect] {
        guard !isHalted else { return [] }
        isHalted = true
        return [.halt(reason)]
    }
}
