// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The tests on the bars behind the seal.
struct SealedStage {
    private let subject: GateSubject
    private let terms: GateTerms
    private(set) var log: GateLog
    /// Whether the bars behind the seal were read.
    private(set) var looked = false

    init(_ subject: GateSubject, terms: GateTerms, log: GateLog) {
        self.subject = subject
        self.terms = terms
        self.log = log
    }

    /// Runs the tests; a window that is too short is not read, and costs no look.
    ///
    /// `known` are the decisions that were made on the bars through the seal.
    mutating func run(on series: [BarSeries], _ known: DecisionTable, seal: Instant) {
        let times = PreparedStrategy.union(series.map(\.times.array))
        let first = known.times.count
        log.judge(.sealedHistory, Double(times.count - first), nil)
        guard log.allHeld else { return }
        looked = true
        let whole: DecisionTable
        do {
            whole = try subject.table(on: series, dialect: terms.dialect)
        } catch {
            log.fail(.sealedPast, "\(error)")
            return
        }
        let changed = known.differences(from: whole, through: seal)
        log.judge(
            .sealedPast,
            Double(changed.bars),
            nil,
            objection: changed.first.map {
                "the decision on \($0.symbol) at \($0.time) is another with the sealed bars"
            }
        )
        // The last bar before the seal only sets the equity and what is done at the first open.
        let result = whole.run(
            (first - 1)..<times.count,
            costs: terms.costs(of: subject),
            terms: terms
        )
        let sample = GateTest.Sample(of: result)
        let constant = "it is not defined, since returns do not vary"
        log.judge(.sealedTrades, Double(result.ownTrades), sample)
        log.judge(.sealedSharpe, result.metrics.sharpe, sample, undefined: constant)
        log.judge(.sealedDrawdown, result.metrics.maxDrawdown, sample)
        log.judge(.sealedNeweyWest, result.metrics.neweyWestT, sample, undefined: constant)
    }
}

extension BacktestResult {
    /// The trades that the strategy closed, and not the end of the window.
    var ownTrades: Int { trades.count { $0.reason != .windowEnd } }
}

extension GateTest.Sample {
    /// The returns of a backtest; nil when there are none.
    init?(of result: BacktestResult) {
        guard result.times.count > 1, let last = result.times.last else { return nil }
        self.init(from: result.times[1], through: last, returns: result.times.count - 1)
    }
}

extension Costs {
    /// Twice the costs, the fee at least that much more.
    func doubled(atLeast addition: Double) -> Costs {
        Costs(
            feeRate: min(0.99, max(2 * feeRate, feeRate + addition)),
            slippageRate: min(0.99, 2 * slippageRate),
            feePerUnit: 2 * feePerUnit,
            contracts: contracts.mapValues { $0.doubled(atLeast: addition) },
            execution: Execution(
                volumeShare: execution.volumeShare,
                latency: execution.latency,
                impact: min(1, 2 * execution.impact)
            )
        )
    }
}
