// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions

/// Evaluates the expressions of a strategy over the bars of one symbol and over the longer bars of
/// its frames.
struct StrategyWorkspace {
    /// What the conditions are made of.
    var base: ColumnWorkspace
    private var frames: [Frame]

    private struct Frame {
        let name: String
        let bars: ResampledBars
        var columns: ColumnWorkspace
    }

    /// Creates a workspace; with streams, columns over the bars themselves may be streamed.
    init(
        _ framed: FramedSeries,
        dialect: IndicatorDialect,
        usesStreams: Bool = false,
        parallel: Parallel = .none
    ) {
        base = ColumnWorkspace(
            BarColumns(framed.series, dialect: dialect, parallel: parallel),
            usesStreams: usesStreams
        )
        frames = framed.frames.map { name, bars in
            let columns = ColumnWorkspace(BarColumns(bars.series, dialect: dialect))
            return Frame(name: name, bars: bars, columns: columns)
        }
    }

    /// The bytes of the columns that were computed so far.
    var byteCount: Int { frames.reduce(base.byteCount) { $0 + $1.columns.byteCount } }

    /// Forgets what names stand for, and lets some stand for numbers.
    mutating func bind(_ numbers: [String: Double]) {
        base.bind(numbers)
        for index in frames.indices { frames[index].columns.bind(numbers) }
    }

    /// Lets the name of a feature stand for it.
    mutating func define(_ feature: CompiledFeature) throws(ExpressionError) {
        guard let index = frames.firstIndex(where: { $0.name == feature.frame }) else {
            try base.define(feature.name, as: feature.expression)
            return
        }
        let (name, bars) = (frames[index].name, frames[index].bars)
        try base.define(
            feature.name,
            as: feature.expression,
            in: &frames[index].columns,
            label: name
        ) { bars.spread($0) }
    }

    /// Lists what a strategy calls, as the names stand now, to be computed together.
    mutating func announce(_ strategy: CompiledStrategy) {
        base.announce(strategy.expressions(of: nil))
        for index in frames.indices {
            frames[index].columns.announce(strategy.expressions(of: frames[index].name))
        }
    }

    /// Computes what was announced.
    mutating func computeAnnounced() {
        base.computeAnnounced()
        for index in frames.indices { frames[index].columns.computeAnnounced() }
    }
}
