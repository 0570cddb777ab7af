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
        let entryPrice: Double
        let exitPrice: Double
        /// The gain after fees.
        let gain: Double
        /// The fees of both sides.
        let fees: Double
        let reason: Trade.Reason
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

    /// Adds a position that was closed; it is entered and left at the rows given.
    @inline(__always)
    mutating func add(
        _ units: Double,
        _ entry: Book.Fill,
        at entryRow: Int,
        _ exit: Book.Fill,
        at exitRow: Int,
        _ reason: Trade.Reason
    ) {
        count += 1
        let gain = Cash.money(entry.change + exit.change)
        // Nobody can guess which it is, so there is no branch to guess.
        let isWin = gain > 0
        wins += isWin ? 1 : 0
        gained += isWin ? gain : 0
        lost -= isWin ? 0 : gain
        traded += entry.value
        traded += exit.value
        exposedBars += exitRow - entryRow + 1
        guard keepsTrades else { return }
        closed.append(
            Closed(
                units: units,
                entryRow: entryRow,
                exitRow: exitRow,
                entryPrice: entry.price,
                exitPrice: exit.price,
                gain: gain,
                fees: Cash.sum(entry.fee, exit.fee),
                reason: reason
            )
        )
    }
}
