// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What closed positions come to.
struct TradeSums: Sendable {
    /// One closed position, by the rows of its fills.
    struct Closed: Sendable {
        /// Below 0 for a short position.
        let units: Double
        let entryRow: Int
        let exitRow: Int
        let entry: Book.Fill
        let exit: Book.Fill
        let reason: Trade.Reason

        /// The gain after fees.
        var gain: Double { Cash.money(entry.change + exit.change) }
    }

    private let keepsTrades: Bool
    /// The positions in the order of their exits; empty unless they are kept.
    private(set) var closed: [Closed] = []
    private(set) var count = 0
    private(set) var wins = 0
    private(set) var gained = 0.0
    private(set) var lost = 0.0
    /// The value of all fills.
    private(set) var traded = 0.0
    /// The bars at which a position was open at some moment.
    private(set) var exposedBars = 0

    init(keepsTrades: Bool) {
        self.keepsTrades = keepsTrades
    }

    @inline(__always)
    mutating func add(_ trade: Closed) {
        count += 1
        let gain = trade.gain
        if gain > 0 {
            wins += 1
            gained += gain
        } else {
            lost -= gain
        }
        traded += trade.entry.value
        traded += trade.exit.value
        exposedBars += trade.exitRow - trade.entryRow + 1
        if keepsTrades { closed.append(trade) }
    }
}
