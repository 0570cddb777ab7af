// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant

extension ExitReason {
    /// The exchange's word for a backtest's reason.
    init(_ reason: Quant.Trade.Reason) {
        self =
            switch reason {
            case .exit: .exit
            case .invalidation: .invalidation
            case .hold: .holdLimit
            case .stop: .stop
            case .target: .target
            case .windowEnd: .windowEnd
            case .ruin: .ruin
            case .liquidation: .liquidation
            }
    }
}

extension Quant.Trade.Reason {
    /// A backtest's word for the exchange's reason; nil for what no backtest does.
    init?(_ reason: ExitReason) {
        guard let own = Self.allCases.first(where: { ExitReason($0) == reason }) else {
            return nil
        }
        self = own
    }
}
