// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The last values of a series, in a circle of memory whose size is a power of two.
struct Ring: ~Copyable {
    private let values: UnsafeMutablePointer<Double>
    private let mask: Int
    private var position = 0

    /// Makes room for at least that many values, all 0 at first.
    @inline(__always)
    init(_ count: Int) {
        precondition(count >= 1, "a window has at least one bar")
        var size = 1
        while size < count { size *= 2 }
        mask = size - 1
        values = .allocate(capacity: size)
        values.initialize(repeating: 0, count: size)
    }

    deinit {
        values.deallocate()
    }

    /// The value so many steps before the last one.
    @inline(__always)
    subscript(ago: Int) -> Double {
        values[(position &- 1 &- ago) & mask]
    }

    @inline(__always)
    mutating func push(_ value: Double) {
        values[position & mask] = value
        position &+= 1
    }
}
