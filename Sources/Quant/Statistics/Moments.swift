// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The mean and the spread of a series, with equal values told from nearly equal ones.
struct Moments {
    /// The mean; nil without values or when one of them is not finite.
    let mean: Double?
    /// The standard deviation, divisor n - 1; nil below two values.
    let deviation: Double?

    init(_ values: [Double]) {
        let sum = values.reduce(0, +)
        guard let first = values.first, sum.isFinite else {
            mean = nil
            deviation = nil
            return
        }
        let mean = sum / Double(values.count)
        self.mean = mean
        if values.count < 2 {
            deviation = nil
        } else if values.allSatisfy({ $0 == first }) {
            deviation = 0
        } else {
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            deviation = finite((squares / Double(values.count - 1)).squareRoot())
        }
    }

    /// Both, when the deviation is above zero.
    var spread: (mean: Double, deviation: Double)? {
        guard let mean, let deviation, deviation > 0 else { return nil }
        return (mean, deviation)
    }
}

/// The number if it is finite.
func finite(_ value: Double?) -> Double? {
    value.flatMap { $0.isFinite ? $0 : nil }
}
