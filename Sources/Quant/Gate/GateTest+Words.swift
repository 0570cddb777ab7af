// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension GateTest.Name {
    /// The null hypothesis and the statistic, for people.
    var words: (null: String, statistic: String) {
        switch self {
        case .evaluation:
            ("the strategy cannot be run on the bars", "bars before the seal that it was run on")
        case .oneLook:
            ("the idea had its look at sealed data", "earlier looks by the same idea")
        case .history:
            ("the sample is too short to tell skill from luck", "returns before the seal")
        case .finite:
            ("some equity is no number or used up", "equities that are not above zero")
        case .variation:
            ("returns do not vary", "standard deviation of a period's net return")
        case .trades:
            ("a few trades made the result", "trades that the strategy closed")
        case .sharpe:
            ("the Sharpe ratio is no better than an index", "annual net Sharpe ratio")
        case .drawdown:
            ("losses from a peak are too great", "greatest loss from a peak of equity")
        case .neweyWest:
            ("the mean net return is zero", "Newey-West t of the mean net return")
        case .probabilistic:
            ("the true Sharpe ratio is zero", "probabilistic Sharpe ratio")
        case .deflated:
            ("the ratio is that of the luckiest of all trials", "deflated Sharpe ratio")
        case .costsDoubled:
            ("costs eat the result", "annual Sharpe ratio at twice the costs")
        case .oneBarLater:
            ("it lives on one price", "annual Sharpe ratio when carried out a bar later")
        case .lookAhead:
            (
                "decisions use the future",
                "bars at which a decision changed when the future was cut off or shuffled"
            )
        case .warmUp:
            (
                "decisions depend on where the history starts",
                "greatest share of bars at which a later start changed a decision"
            )
        case .overfitting:
            (
                "the best of its perturbations is no better than their median afterwards",
                "probability of backtest overfitting by cross-validation"
            )
        case .walkForward:
            (
                "what was fitted to the past does not last",
                "annual net Sharpe ratio of the bars traded between refits"
            )
        default: sealedWords
        }
    }

    private var sealedWords: (null: String, statistic: String) {
        switch self {
        case .sealedHistory:
            ("the sealed window is too short", "returns in the sealed window")
        case .sealedPast:
            (
                "decisions before the seal use bars behind it",
                "bars before the seal at which a decision changed with the sealed bars"
            )
        case .sealedTrades:
            ("a few trades made the result", "trades closed in the sealed window")
        case .sealedSharpe:
            ("the Sharpe ratio does not last", "annual net Sharpe ratio in the sealed window")
        case .sealedDrawdown:
            ("losses from a peak are too great", "greatest loss from a peak in the sealed window")
        default:
            ("the mean net return is zero", "Newey-West t of the mean in the sealed window")
        }
    }
}
