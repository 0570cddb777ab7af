// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How many strategies of a known true Sharpe ratio the gate accepts, as `make gate-study` found
/// it on simulated markets.
public struct PowerCurve: Sendable, Hashable {
    /// The shares accepted in samples of one length with one number of trials.
    public struct Row: Sendable, Hashable {
        /// The returns before the seal.
        public let returns: Int
        /// The trials that were made, the one with the edge included.
        public let trials: Int
        /// What was found for each true Sharpe ratio, the least first.
        public let points: [Point]

        /// The row as JSON.
        public var json: JSON {
            [
                "returns": .int(Int64(returns)), "trials": .int(Int64(trials)),
                "accepted": .array(points.map(\.json)),
            ]
        }
    }

    /// What was found for one true Sharpe ratio.
    public struct Point: Sendable, Hashable {
        /// The annual Sharpe ratio after costs.
        public let sharpe: Double
        /// The markets in which a strategy was accepted.
        public let accepted: Int
        /// The markets that were simulated.
        public let markets: Int

        /// Takes counts.
        public init(sharpe: Double, accepted: Int, markets: Int) {
            self.sharpe = sharpe
            self.accepted = accepted
            self.markets = markets
        }

        /// The share of them.
        public var share: Double { Double(accepted) / Double(markets) }

        var json: JSON {
            [
                "sharpe": StrategySettings.number(sharpe), "share": .number(share),
                "markets": .int(Int64(markets)),
            ]
        }
    }

    /// The rows, by returns and then trials.
    public let rows: [Row]

    /// The row that stands for a sample: of the longest length that is not longer, and of it the
    /// fewest trials that are not fewer, or else the most.
    ///
    /// So the power that is shown is not more than that of the sample, unless there were more
    /// trials than were studied.
    public func row(returns: Int, trials: Int) -> Row? {
        guard let length = rows.map(\.returns).filter({ $0 <= returns }).max() else { return nil }
        let fitting = rows.filter { $0.returns == length }.sorted { $0.trials < $1.trials }
        return fitting.first { $0.trials >= trials } ?? fitting.last
    }
}
