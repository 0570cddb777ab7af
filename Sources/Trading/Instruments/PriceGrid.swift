// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The prices at which an instrument may be quoted.
public enum PriceGrid: Sendable, Hashable {
    /// Where a price that lies between two others goes.
    public enum Rounding: Sendable, Hashable, CaseIterable {
        /// To the lower one.
        case down
        /// To the higher one.
        case up
        /// To the nearer one; from the middle to the even multiple of the step.
        case nearest
    }

    /// Multiples of a step, or of a finer one below 1.
    case step(Decimal8, belowOne: Decimal8?)
    /// At most so many significant figures and decimals; whole numbers always.
    case figures(Int, decimals: Int)

    /// The distance between neighbouring prices at a price.
    public func step(at price: Decimal8) -> Decimal8 {
        switch self {
        case .step(let step, let belowOne):
            return price < Decimal8(1) ? belowOne ?? step : step
        case .figures(let figures, let decimals):
            let places = min(max(0, decimals), max(0, figures - 1 - Self.exponent(of: price)), 8)
            var units = Decimal8.scale
            for _ in 0..<places { units /= 10 }
            return Decimal8(units: units)
        }
    }

    /// Whether a price is on the grid.
    public func allows(_ price: Decimal8) -> Bool {
        price.units % step(at: price).units == 0
    }

    /// The price on the grid that a price is rounded to, which may be zero.
    public func quantised(_ price: Decimal8, _ rounding: Rounding) -> Decimal8 {
        let step = step(at: price).units
        let rest = price.units % step
        guard rest != 0 else { return price }
        let lower = price.units - (rest < 0 ? rest + step : rest)
        let above = price.units - lower
        let isUp =
            switch rounding {
            case .down: false
            case .up: true
            case .nearest: above * 2 > step || (above * 2 == step && lower / step % 2 != 0)
            }
        return Decimal8(units: isUp ? lower + step : lower)
    }

    /// The power of ten of the first digit, 0 for 1 to 9.
    private static func exponent(of price: Decimal8) -> Int {
        var exponent = -8
        var rest = price.units.magnitude
        while rest >= 10 {
            rest /= 10
            exponent += 1
        }
        return exponent
    }
}
