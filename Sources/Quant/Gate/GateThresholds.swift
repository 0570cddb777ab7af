// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What each test of the gate asks for, in one place.
///
/// The defaults are those of the study in `docs/gate.md`, which measures how many strategies
/// without skill they let through, and how many with skill they keep out.
public struct GateThresholds: Sendable, Hashable {
    /// The fewest returns before the seal: three years of daily bars, less a few holidays.
    public var leastReturns = 750
    /// The fewest trades that a strategy itself closed before the seal.
    public var leastTrades = 30
    /// The least standard deviation of a period's return.
    public var leastDeviation = 1e-6
    /// The greatest Sharpe ratio per period that is believed, 15.9 a year on daily bars.
    public var mostSharpePerPeriod = 1.0
    /// What the annual net Sharpe ratio before the seal must exceed.
    public var sharpe = 1.0
    /// What the drawdown before the seal must stay below.
    public var drawdown = 0.20
    /// What the Newey-West t must exceed.
    public var neweyWestT = 2.0
    /// The least probability that the true Sharpe ratio is above zero.
    public var probabilistic = 0.95
    /// The least probability that it is above what the best of all trials shows by luck.
    public var deflated = 0.95
    /// What the annual Sharpe ratio must exceed when everything costs twice as much.
    public var costsDoubledSharpe = 0.5
    /// The least that doubling adds to the fee, so that trading for nothing is charged as well.
    public var leastAddedFee = 0.0001
    /// What the annual Sharpe ratio must exceed when every decision is carried out a bar later.
    public var oneBarLaterSharpe = 0.0
    /// The histories that are cut off to see whether decisions change.
    public var cuts = 24
    /// The same for a program, which has to be run for each.
    public var programCuts = 12
    /// The cuts behind which the bars are shuffled as well; of a program half as many.
    public var shuffles = 8
    /// The later starts of the history, in bars, with which decisions are compared.
    public var laterStarts = [63, 126, 252]
    /// The greatest share of bars at which a later start may change a decision.
    public var warmUpDrift = 0.01
    /// The perturbations of the strategy's own numbers, or of its timing where there are too few.
    public var neighbours = 8
    /// The copies of its decisions that are moved round to other times.
    public var rotations = 16
    /// The blocks of the cross-validation; ten make 252 splits.
    public var blocks = 10
    /// The greatest probability of overfitting.
    public var overfitting = 0.2
    /// The bars that walk-forward chooses on, and those that it trades before it chooses anew.
    public var trainBars = 504, testBars = 126
    /// What the annual Sharpe ratio of the bars traded by walk-forward must exceed.
    public var walkForwardSharpe = 0.5
    /// The fewest returns in the sealed window: two years of daily bars with room for holidays.
    public var leastSealedReturns = 480
    /// The fewest trades that a strategy itself closed in it.
    public var leastSealedTrades = 5
    /// What the annual net Sharpe ratio in the sealed window must exceed.
    public var sealedSharpe = 1.5
    /// What the drawdown in the sealed window must stay below.
    public var sealedDrawdown = 0.10
    /// What the Newey-West t of the sealed window must exceed.
    public var sealedNeweyWestT = 2.0
    /// The correlation of weekly returns from which on two strategies are one idea.
    public var sameIdea = 0.99

    /// Creates the thresholds with their defaults.
    public init() {}

    /// The thresholds as JSON, in a fixed order.
    public var json: JSON {
        let numbers: [(String, Double)] = [
            ("least_returns", Double(leastReturns)), ("least_trades", Double(leastTrades)),
            ("least_deviation", leastDeviation), ("most_sharpe_per_period", mostSharpePerPeriod),
            ("sharpe", sharpe), ("drawdown", drawdown), ("newey_west_t", neweyWestT),
            ("psr", probabilistic), ("dsr", deflated),
            ("costs_doubled_sharpe", costsDoubledSharpe), ("least_added_fee", leastAddedFee),
            ("one_bar_later_sharpe", oneBarLaterSharpe), ("cuts", Double(cuts)),
            ("program_cuts", Double(programCuts)), ("shuffles", Double(shuffles)),
            ("warm_up_drift", warmUpDrift), ("neighbours", Double(neighbours)),
            ("rotations", Double(rotations)), ("blocks", Double(blocks)), ("pbo", overfitting),
            ("train_bars", Double(trainBars)), ("test_bars", Double(testBars)),
            ("walk_forward_sharpe", walkForwardSharpe),
            ("least_sealed_returns", Double(leastSealedReturns)),
            ("least_sealed_trades", Double(leastSealedTrades)), ("sealed_sharpe", sealedSharpe),
            ("sealed_drawdown", sealedDrawdown), ("sealed_newey_west_t", sealedNeweyWestT),
            ("same_idea", sameIdea),
        ]
        let starts = JSON.array(laterStarts.map { .int(Int64($0)) })
        return .object(
            numbers.map { JSON.Member($0.0, StrategySettings.number($0.1)) }
                + [JSON.Member("later_starts", starts)]
        )
    }

    /// The hash of the thresholds, by which two verdicts can be told to be of one gate.
    public var hash: ContentHash { ContentHash(of: json.compactBytes) }
}
