// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Indicators {
    /// The result of rolling regressions of the next close on the close and the volume.
    public struct Regression: Sendable {
        /// The forecast of the next close from each bar.
        public let forecast: [Double]
        /// The share of the variance within the window that the fit explains, 0 to 1.
        public let determination: [Double]
    }

    /// Below this share of the product of variances two regressors count as collinear.
    private static let collinear = 1e-12

    /// Ordinary least squares over the last `window` pairs, refitted at every bar.
    ///
    /// The pairs known at bar t are (close, volume) of bars `t - window ... t - 1` with the close
    /// of the bar after each; the forecast applies the fit to bar t. First value at index
    /// `window`, which must be at least 4. Missing where the two regressors are collinear or one of
    /// them is constant. Each window is summed anew about its means.
    public static func regression(
        close: [Double],
        volume: [Double],
        window: Int
    ) -> Regression {
        precondition(window >= 4, "three coefficients need at least four pairs")
        precondition(close.count == volume.count, "equal lengths")
        var forecast = missing(close.count)
        var determination = forecast
        for index in close.indices.dropFirst(window) {
            let fit = close.withUnsafeBufferPointer { close in
                volume.withUnsafeBufferPointer { volume in
                    PlaneFit(close, volume, first: index - window, count: window)
                }
            }
            guard let fit else { continue }
            forecast[index] = fit.value(close[index], volume[index])
            determination[index] = fit.determination
        }
        return Regression(forecast: forecast, determination: determination)
    }

    /// A plane through points (close, volume, next close), in coordinates about their means.
    private struct PlaneFit {
        private var closeMean = 0.0
        private var volumeMean = 0.0
        private var nextMean = 0.0
        private var closeSlope = 0.0
        private var volumeSlope = 0.0
        private(set) var determination = Double.nan

        /// Solves the normal equations; nil when they have no single solution.
        init?(
            _ close: UnsafeBufferPointer<Double>,
            _ volume: UnsafeBufferPointer<Double>,
            first: Int,
            count: Int
        ) {
            for index in first..<(first + count) {
                closeMean += close[index]
                volumeMean += volume[index]
                nextMean += close[index + 1]
            }
            closeMean /= Double(count)
            volumeMean /= Double(count)
            nextMean /= Double(count)
            // Volumes are measured in their mean, so that squares of large ones lose no digits.
            let scale = volumeMean == 0 ? 1 : volumeMean
            var (cc, vv, cv, cn, vn, nn) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
            for index in first..<(first + count) {
                let c = close[index] - closeMean
                let v = (volume[index] - volumeMean) / scale
                let n = close[index + 1] - nextMean
                cc += c * c
                vv += v * v
                cv += c * v
                cn += c * n
                vn += v * n
                nn += n * n
            }
            let determinant = cc * vv - cv * cv
            guard determinant > Indicators.collinear * cc * vv else { return nil }
            let scaledSlope = (cc * vn - cv * cn) / determinant
            closeSlope = (vv * cn - cv * vn) / determinant
            volumeSlope = scaledSlope / scale
            if nn > 0 {
                determination = min(1, max(0, (closeSlope * cn + scaledSlope * vn) / nn))
            }
        }

        func value(_ close: Double, _ volume: Double) -> Double {
            nextMean + closeSlope * (close - closeMean) + volumeSlope * (volume - volumeMean)
        }
    }
}
