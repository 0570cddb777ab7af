// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CKernels

extension MarketPanel {
    /// The rows that the kernel takes at once.
    static let kernelRows = 64

    /// Lets the kernel take rows of finite prices once everything is warm, and says how many it
    /// took; it does the same as one step for each.
    mutating func advance(
        _ high: UnsafePointer<Double>,
        _ low: UnsafePointer<Double>,
        _ close: UnsafePointer<Double>,
        count: Int,
        into rows: UnsafeMutablePointer<Double>,
        stride: Int
    ) -> Int {
        guard count >= Self.kernelRows else { return 0 }
        var state = kernelState
        let taken = desk_panel_run(&state, high, low, close, count, rows, stride)
        guard taken > 0 else { return 0 }
        (averages.0.average, averages.1.average) = (state.averages.0, state.averages.1)
        (macd.fast.average, macd.slow.average) = (state.averages.2, state.averages.3)
        macd.signal.average = state.signal
        (strengths.0.gain, strengths.0.loss) = (state.strengths.0, state.strengths.1)
        (strengths.1.gain, strengths.1.loss) = (state.strengths.2, state.strengths.3)
        (ranges.0.average, ranges.1.average) = state.ranges
        self.close = state.close
        return taken
    }

    private var kernelState: desk_panel {
        let (brief, long) = strengths
        return desk_panel(
            averages: (
                averages.0.average, averages.1.average, macd.fast.average, macd.slow.average
            ),
            factors: (averages.0.factor, averages.1.factor, macd.fast.factor, macd.slow.factor),
            signal: macd.signal.average,
            signal_factor: macd.signal.factor,
            strengths: (brief.gain, brief.loss, long.gain, long.loss),
            weights: (brief.weight, brief.weight, long.weight, long.weight),
            shares: (brief.share, brief.share, long.share, long.share),
            ranges: (ranges.0.average, ranges.1.average),
            keeps: (ranges.0.keep, ranges.1.keep),
            range_shares: (ranges.0.share, ranges.1.share),
            close: close
        )
    }
}
