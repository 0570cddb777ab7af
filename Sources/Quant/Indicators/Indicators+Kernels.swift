// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Indicators {
    /// Writes the simple moving average of each input, NaN while warming up.
    public static func sma(
        _ input: UnsafeBufferPointer<Double>,
        window: Int,
        into output: UnsafeMutableBufferPointer<Double>
    ) {
        run(SimpleAverage(window: window), over: input, into: output)
    }

    /// Writes the exponential moving average of each input, NaN while warming up.
    public static func ema(
        _ input: UnsafeBufferPointer<Double>,
        window: Int,
        into output: UnsafeMutableBufferPointer<Double>
    ) {
        run(ExponentialAverage(window: window), over: input, into: output)
    }
}
