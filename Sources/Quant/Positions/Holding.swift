// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The units of one symbol that a program holds, from flat to flat.
struct Holding {
    let symbol: Symbol
    /// The units held, below 0 for a short position.
    private(set) var units = 0.0
    /// The last close.
    var mark = 0.0
    /// The units to hold from the next open on; nil when nothing is to be done.
    var pending: Double?
    /// The bars seen since the entry, that of the entry included.
    var bars = 0
    private var entryTime = Instant(nanosecondsSinceEpoch: 0)
    /// The units and the value of all purchases of a long position, or sales of a short one.
    private var entered = (units: 0.0, value: 0.0)
    private var left = (units: 0.0, value: 0.0)
    private var fees = 0.0
    private var change: Int128 = 0

    init(symbol: Symbol) {
        self.symbol = symbol
    }

    var isOpen: Bool { units != 0 }

    /// Takes in a fill that does not cross zero; gives the trade when it ends the position.
    mutating func apply(
        _ fill: Book.Fill,
        units delta: Double,
        at time: Instant,
        reason: Trade.Reason
    ) -> Trade? {
        if units == 0 {
            entryTime = time
            entered = (0, 0)
            left = (0, 0)
            fees = 0
            change = 0
            bars = 1
        }
        let isEntry = units == 0 || (units > 0) == (delta > 0)
        let size = abs(delta)
        if isEntry {
            entered = (entered.units + size, entered.value + size * fill.price)
        } else {
            left = (left.units + size, left.value + size * fill.price)
        }
        let side: Strategy.Side = (units == 0 ? delta : units) > 0 ? .long : .short
        units += delta
        fees += fill.fee
        change += fill.change
        guard units == 0 else { return nil }
        return Trade(
            symbol: symbol,
            side: side,
            quantity: entered.units,
            entryTime: entryTime,
            entryPrice: entered.value / entered.units,
            exitTime: time,
            exitPrice: left.value / left.units,
            bars: bars,
            pnl: Cash.money(change),
            fees: fees,
            reason: reason
        )
    }
}
