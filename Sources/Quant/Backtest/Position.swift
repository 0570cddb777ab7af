// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// One symbol's position and the orders that wait for its next bar.
struct Position {
    /// The units held, below 0 for a short position and 0 for none.
    private(set) var units = 0.0
    private(set) var entry = FillSum()
    private(set) var exit = FillSum()
    /// What of a contract is held, by the bar of its entry.
    private(set) var parts: [ClosedPosition.Part] = []
    private(set) var entryTime = Instant(nanosecondsSinceEpoch: 0)
    /// The bars seen since the entry, that of the entry included.
    var bars = 0
    /// The last close, or the price at which the day was settled.
    var mark = 0.0
    var stop: Double?
    var target: Double?
    /// The units to enter with at the next bar; 0 for none.
    var pendingUnits = 0.0
    /// The worst price of that entry, which ends with the bar then; nil for any.
    var pendingLimit: Double?
    /// The bars more until what is pending reaches the market.
    var delay = 0
    /// The distances of stop and target of that entry.
    var pendingStop: Double?
    var pendingTarget: Double?
    /// Why the position is to be closed at the next bar.
    var pendingExit: Trade.Reason?
    /// What it was paid for funding, in steps.
    var funding: Int128 = 0
    /// Whether it was open at any moment since the last instant.
    var wasOpen = false

    var isOpen: Bool { units != 0 }

    /// Takes in a fill of what is pending.
    mutating func enter(_ part: Double, _ fill: Book.Fill, multiplier: Double, time: Instant) {
        if !isOpen {
            entry = FillSum()
            exit = FillSum()
            entryTime = time
            bars = 1
            funding = 0
        }
        entry.add(fill, of: part, multiplier: multiplier)
        units = Execution.rest(units, -part)
        pendingUnits = Execution.rest(pendingUnits, part)
        wasOpen = true
    }

    /// Remembers when a part of a contract was entered.
    mutating func keep(_ part: Double, enteredAt time: Instant) {
        parts.append(ClosedPosition.Part(opened: time, units: abs(part)))
    }

    /// Takes in a fill that closes a part, or all that is left.
    mutating func close(
        _ part: Double,
        _ fill: Book.Fill,
        multiplier: Double,
        ofToday today: Double
    ) {
        exit.add(fill, of: part, multiplier: multiplier)
        units = Execution.rest(units, part)
        parts.close(abs(part), ofToday: today)
        guard !isOpen else { return }
        parts = []
        stop = nil
        target = nil
        pendingExit = nil
        takeBackEntry()
        delay = 0
    }

    /// Gives up what is left of an entry.
    mutating func takeBackEntry() {
        pendingUnits = 0
        pendingLimit = nil
    }

    /// Lets a bar pass for what is pending, and tells whether it is at the market in it.
    mutating func arrive() -> Bool {
        guard delay > 0 else { return true }
        delay -= 1
        return false
    }

    /// Where a bar fills an entry that may be no worse than a limit, before slippage: at the open,
    /// or else at the limit; nil where it does not get there.
    static func resting(
        _ bar: (open: Double, high: Double, low: Double),
        sign: Double,
        limit: Double
    ) -> (price: Double, isAtOpen: Bool)? {
        if sign * (bar.open - limit) <= 0 { return (bar.open, true) }
        return sign * ((sign > 0 ? bar.low : bar.high) - limit) <= 0 ? (limit, false) : nil
    }

    /// The price at which a bar reaches the stop or else the target, before slippage; the sign is
    /// 1 for a long position and -1 for a short one.
    ///
    /// A position that was entered within the bar was not there at its open, and no price tells
    /// what came after the entry: it may be stopped, and reaches its target from the next bar on.
    static func triggered(
        _ bar: (open: Double, high: Double, low: Double),
        sign: Double,
        stop: Double?,
        target: Double?,
        isEnteredWithin: Bool = false
    ) -> (price: Double, reason: Trade.Reason)? {
        // A short position is a long one in a mirrored price.
        let worst = sign > 0 ? bar.low : bar.high
        let best = sign > 0 ? bar.high : bar.low
        if isEnteredWithin {
            return stop.flatMap { sign * (worst - $0) <= 0 ? ($0, .stop) : nil }
        }
        // What the open has passed is settled there, before anything inside the bar.
        if let stop, sign * (bar.open - stop) <= 0 { return (bar.open, .stop) }
        if let target, sign * (bar.open - target) >= 0 { return (bar.open, .target) }
        if let stop, sign * (worst - stop) <= 0 { return (stop, .stop) }
        if let target, sign * (best - target) >= 0 { return (target, .target) }
        return nil
    }
}
