// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension GateTest {
    /// The tests of the gate, in the order in which they are run and listed.
    public enum Name: String, Sendable, Hashable, CaseIterable {
        /// The strategy can be run on the bars before the seal.
        case evaluation
        /// The idea has not had its look at sealed data.
        case oneLook = "one_look"
        /// There is enough history before the seal.
        case history
        /// Every figure is finite and equity is never used up.
        case finite
        /// Returns vary as those of a strategy do.
        case variation
        /// There are enough trades.
        case trades
        /// The annual net Sharpe ratio.
        case sharpe
        /// The greatest loss from a peak.
        case drawdown
        /// The t of the mean with Newey and West's variance.
        case neweyWest = "newey_west_t"
        /// The probabilistic Sharpe ratio.
        case probabilistic = "psr"
        /// The deflated Sharpe ratio.
        case deflated = "dsr"
        /// The Sharpe ratio at twice the costs.
        case costsDoubled = "costs_doubled"
        /// The Sharpe ratio when everything is carried out a bar later.
        case oneBarLater = "one_bar_later"
        /// Decisions are the same without the future.
        case lookAhead = "look_ahead"
        /// Decisions do not depend on where the history starts.
        case warmUp = "warm_up"
        /// The probability of backtest overfitting.
        case overfitting = "pbo"
        /// The Sharpe ratio of a strategy that is refitted as time goes by.
        case walkForward = "walk_forward"
        /// There is enough of the sealed window.
        case sealedHistory = "sealed_history"
        /// Decisions before the seal are the same with the sealed bars.
        case sealedPast = "sealed_past"
        /// There are enough trades in the sealed window.
        case sealedTrades = "sealed_trades"
        /// The annual net Sharpe ratio in the sealed window.
        case sealedSharpe = "sealed_sharpe"
        /// The greatest loss from a peak in the sealed window.
        case sealedDrawdown = "sealed_drawdown"
        /// The t of the mean in the sealed window.
        case sealedNeweyWest = "sealed_newey_west_t"

        /// Which part of the history the test looks at.
        public var stage: Stage { rawValue.hasPrefix("sealed_") ? .sealed : .development }

        /// How the value has to stand to the threshold.
        public var relation: Relation {
            switch self {
            case .oneLook, .finite, .lookAhead, .warmUp, .overfitting, .sealedPast: .atMost
            case .drawdown, .sealedDrawdown: .below
            case .evaluation, .history, .trades, .probabilistic, .deflated, .sealedHistory,
                .sealedTrades:
                .atLeast
            case .variation, .sharpe, .neweyWest, .costsDoubled, .oneBarLater, .walkForward,
                .sealedSharpe, .sealedNeweyWest:
                .above
            }
        }

        /// What the value is compared with.
        func threshold(_ limits: GateThresholds) -> Double {
            switch self {
            case .evaluation: 1
            case .oneLook, .finite, .lookAhead, .sealedPast: 0
            case .history: Double(limits.leastReturns)
            case .variation: limits.leastDeviation
            case .trades: Double(limits.leastTrades)
            case .sharpe: limits.sharpe
            case .drawdown: limits.drawdown
            case .neweyWest: limits.neweyWestT
            case .probabilistic: limits.probabilistic
            case .deflated: limits.deflated
            case .costsDoubled: limits.costsDoubledSharpe
            case .oneBarLater: limits.oneBarLaterSharpe
            case .warmUp: limits.warmUpDrift
            case .overfitting: limits.overfitting
            case .walkForward: limits.walkForwardSharpe
            case .sealedHistory: Double(limits.leastSealedReturns)
            case .sealedTrades: Double(limits.leastSealedTrades)
            case .sealedSharpe: limits.sealedSharpe
            case .sealedDrawdown: limits.sealedDrawdown
            case .sealedNeweyWest: limits.sealedNeweyWestT
            }
        }

        /// What is assumed until the test holds.
        public var null: String { words.null }

        /// What the value is.
        public var statistic: String { words.statistic }
    }
}
