// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The sum of the last `window` values, built anew every window so that nothing drifts.
struct RollingSum: ~Copyable {
    private let window: Int
    private var sum = 0.0
    private var untilRenewal = 0
    private var seen = 0
    private var ring: Ring

    @inline(__always)
    init(window: Int) {
        ring = Ring(window)
        self.window = window
    }

    /// Takes the next value, which must be finite; missing until there is a window of them.
    @inline(__always)
    mutating func next(_ value: Double) -> Double {
        let leaving = seen >= window ? ring[window - 1] : 0
        ring.push(value)
        sum = sum - leaving + value
        untilRenewal -= 1
        if seen < window { seen += 1 } else if untilRenewal <= 0 { renew() }
        return seen == window ? sum : .nan
    }

    mutating func reset() {
        sum = 0
        seen = 0
    }

    private mutating func renew() {
        untilRenewal = window
        sum = 0
        for ago in (0..<window).reversed() { sum += ring[ago] }
    }
}
