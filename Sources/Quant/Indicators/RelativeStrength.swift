// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The relative strength index with Wilder's averages, 0 to 100; first value at the input behind
/// the `window`-th.
///
/// Without any movement it is 0. In FMZ's dialect it is 0 as well when there is no loss. Values
/// that are not finite count as missing and are skipped.
public struct RelativeStrength: Sendable, StreamingIndicator {
    private let window: Int
    let weight: Double
    let share: Double
    private let isRatio: Bool
    var gain = 0.0
    var loss = 0.0
    private var seen = -1
    private var previous = 0.0

    /// Creates an index over so many changes, at least one.
    @inline(__always)
    public init(window: Int, dialect: IndicatorDialect = .talib) {
        precondition(window >= 1, "a window has at least one bar")
        self.window = window
        weight = Double(window - 1)
        share = 1 / Double(window)
        isRatio = dialect == .fmz
    }

    /// Takes the next value and gives the index.
    @inline(__always)
    public mutating func next(_ value: Double) -> Double {
        guard value.isFinite else { return .nan }
        let change = value - previous
        previous = value
        guard !isWarm else { return step(change: change) }
        seen += 1
        guard seen > 0 else { return .nan }
        let rise = change > 0 ? change : 0
        gain += rise
        loss += rise - change
        guard isWarm else { return .nan }
        gain *= share
        loss *= share
        return isRatio ? ratio : strength
    }

    @inline(__always)
    var isWarm: Bool { seen >= window }

    /// Takes a finite change once the index is warm.
    @inline(__always)
    mutating func step(change: Double) -> Double {
        step(change: change, isRatio: isRatio)
    }

    /// Takes a finite change once the index is warm, in a dialect that a loop has looked up.
    @inline(__always)
    mutating func step(change: Double, isRatio: Bool) -> Double {
        let rise = change > 0 ? change : 0
        gain = (gain * weight + rise) * share
        loss = (loss * weight + (rise - change)) * share
        return isRatio ? ratio : strength
    }

    @inline(__always)
    private var ratio: Double { loss == 0 ? 0 : 100 - 100 / (1 + gain / loss) }

    /// Without movement there is no gain either, and 0 by anything is 0.
    @inline(__always)
    private var strength: Double {
        let movement = gain + loss
        let least = Double.leastNonzeroMagnitude
        return 100 * (gain / (movement > least ? movement : least))
    }
}
