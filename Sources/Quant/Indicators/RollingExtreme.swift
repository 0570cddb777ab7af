// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The greatest or the least of the last `window` values; first at the `window`-th.
///
/// The values are taken in blocks of a window each. A window covers the end of one block, whose
/// extremes from each place to its end are worked out once, and the beginning of the next, whose
/// extreme is carried along. So a value costs the same whatever the window, and no branch depends
/// on the data. A value that is not finite counts as missing, and the window starts anew behind it.
public struct RollingExtreme<Order: ExtremeOrder>: ~Copyable, StreamingIndicator {
    private let window: Int
    /// Before the place at hand the block's values, behind it the last block's extremes to its end.
    private let block: UnsafeMutablePointer<Double>
    private var place = 0
    private var sofar = Order.worst
    private var isWarm = false

    /// Creates an extreme of so many values, at least one.
    @inline(__always)
    public init(window: Int) {
        precondition(window >= 1, "a window has at least one bar")
        self.window = window
        block = .allocate(capacity: window + 1)
        block.initialize(repeating: Order.worst, count: window + 1)
    }

    deinit {
        block.deallocate()
    }

    /// Takes the next value and gives the extreme.
    @inline(__always)
    public mutating func next(_ value: Double) -> Double {
        guard value.isFinite else {
            place = 0
            sofar = Order.worst
            isWarm = false
            return .nan
        }
        sofar = Order.better(sofar, value)
        block[place] = value
        place += 1
        guard place == window else {
            return isWarm ? Order.better(block[place], sofar) : .nan
        }
        let result = sofar
        for index in stride(from: window - 2, through: 0, by: -1) {
            block[index] = Order.better(block[index], block[index + 1])
        }
        place = 0
        sofar = Order.worst
        isWarm = true
        return result
    }
}
