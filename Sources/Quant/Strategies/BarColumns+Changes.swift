// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Glibc

extension BarColumns {
    func change(_ name: String, _ arguments: BarArguments) throws(ExpressionError) -> [Double]? {
        switch name {
        case "lag": Indicators.lag(try arguments.series(0), by: try arguments.window(1, least: 0))
        case "roc":
            Indicators.rateOfChange(try arguments.series(0), over: try arguments.window(1))
        case "momentum":
            Indicators.momentum(try arguments.series(0), over: try arguments.window(1))
        case "returns": Indicators.returns(try arguments.series(0))
        case "log_returns": Indicators.logReturns(try arguments.series(0))
        default: nil
        }
    }

    func element(_ name: String, _ arguments: BarArguments) throws(ExpressionError) -> [Double]? {
        switch name {
        case "abs": try arguments.series(0).map(abs)
        case "sign": try arguments.series(0).map(sign)
        case "sqrt": try arguments.series(0).map { $0 < 0 ? .nan : $0.squareRoot() }
        case "log": try arguments.series(0).map { $0 > 0 ? log($0) : .nan }
        case "exp": try arguments.series(0).map(exponential)
        case "min": zip(try arguments.series(0), try arguments.series(1)).map(lesser)
        case "max": zip(try arguments.series(0), try arguments.series(1)).map { -lesser(-$0, -$1) }
        default: nil
        }
    }

    /// Whether one series has just passed the other; missing unless both bars of both are there.
    func crossing(
        _ name: String,
        _ arguments: BarArguments
    ) throws(ExpressionError) -> [Ternary]? {
        switch name {
        case "cross_over":
            Self.crossing(try arguments.series(0), above: try arguments.series(1))
        case "cross_under":
            Self.crossing(try arguments.series(1), above: try arguments.series(0))
        default: nil
        }
    }

    private static func crossing(_ left: [Double], above right: [Double]) -> [Ternary] {
        var result = [Ternary](repeating: .missing, count: left.count)
        for index in left.indices.dropFirst() {
            let (now, before) = (left[index] - right[index], left[index - 1] - right[index - 1])
            guard !now.isNaN, !before.isNaN else { continue }
            let hasPassed = left[index] > right[index] && left[index - 1] <= right[index - 1]
            result[index] = hasPassed ? .yes : .no
        }
        return result
    }
}

private func sign(_ value: Double) -> Double {
    value.isNaN ? .nan : (value > 0 ? 1 : (value < 0 ? -1 : 0))
}

private func exponential(_ value: Double) -> Double {
    let result = exp(value)
    return result.isFinite ? result : .nan
}

private func lesser(_ left: Double, _ right: Double) -> Double {
    left.isNaN || right.isNaN ? .nan : (right < left ? right : left)
}
