// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a fill closes, as far as fees depend on it.
public struct ClosedPosition: Sendable, Hashable {
    /// Units that were entered at one bar.
    public struct Part: Sendable, Hashable {
        /// When they were entered.
        public let opened: Instant
        /// Those that are still held, without a sign.
        public internal(set) var units: Double
    }

    /// What is held, oldest first.
    public let parts: [Part]
    /// Whether the fill is at the close of its bar, behind everything else of it.
    public let isAtClose: Bool
}

extension [ClosedPosition.Part] {
    /// Takes away units of which so many were entered on the trading day of the fill.
    mutating func close(_ units: Double, ofToday today: Double) {
        var rest = (today: today, earlier: Execution.rest(units, today))
        for place in indices.reversed() where rest.today > 0 {
            rest.today = Execution.rest(rest.today, take(rest.today, from: place))
        }
        for place in indices where rest.earlier > 0 {
            rest.earlier = Execution.rest(rest.earlier, take(rest.earlier, from: place))
        }
        removeAll { $0.units <= 0 }
    }

    private mutating func take(_ most: Double, from place: Int) -> Double {
        let part = Swift.min(most, self[place].units)
        self[place].units = Execution.rest(self[place].units, part)
        return part
    }
}
