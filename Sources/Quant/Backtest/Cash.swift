// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Money that changes in whole steps of 0.00000001, so that the sum of any number of changes is
/// exact.
///
/// Each change is rounded to a step once, halves to the even one. Sums beyond about 10²⁸ stay
/// there.
struct Cash: Sendable, Hashable {
    /// The money in steps.
    private(set) var steps: Int128
    /// The nearest double.
    private(set) var value: Double

    private static let stepsInOne = 1e8
    private static var mostSteps: Int128 { 1 << 120 }

    init(_ money: Double) {
        steps = Self.steps(money)
        value = Self.money(steps)
    }

    /// Adds a number of steps.
    @inline(__always)
    mutating func add(_ change: Int128) {
        steps += change
        let few = Int64(truncatingIfNeeded: steps)
        if Int128(few) == steps {
            value = Double(few) / Self.stepsInOne
        } else {
            steps = min(max(steps, -Self.mostSteps), Self.mostSteps)
            value = Self.money(steps)
        }
    }

    /// The sum of two amounts that are each rounded to a step.
    static func sum(_ left: Double, _ right: Double) -> Double {
        money(steps(left) + steps(right))
    }

    /// The nearest number of steps.
    @inline(__always)
    static func steps(_ money: Double) -> Int128 {
        let scaled = money * stepsInOne
        // Adding and taking away this number drops what is behind the point, rounded to even.
        let shift = 0x1.8p52
        if abs(scaled) < 0x1p51 { return Int128(Int64((scaled + shift) - shift)) }
        return largeSteps(scaled)
    }

    @inline(never)
    private static func largeSteps(_ scaled: Double) -> Int128 {
        guard !scaled.isNaN else { return 0 }
        let bound = Double(mostSteps)
        return Int128(min(max(scaled, -bound), bound).rounded(.toNearestOrEven))
    }

    /// The double nearest to a number of steps.
    @inline(__always)
    static func money(_ steps: Int128) -> Double {
        if let few = Int64(exactly: steps) { return Double(few) / stepsInOne }
        return Double(steps) / stepsInOne
    }
}
