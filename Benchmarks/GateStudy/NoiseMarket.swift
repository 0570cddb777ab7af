// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// A seeded market in which nothing can be earned, of another kind than the simulated feed's.
struct NoiseMarket {
    /// What is unlike a random walk with normal steps.
    enum Kind: String, CaseIterable {
        /// Steps follow Student's distribution with three degrees of freedom.
        case tails
        /// Calm and wild months alternate; in the wild ones steps are four times as large.
        case regimes
        /// A close is off the price by chance, so that one return says something about the next;
        /// orders are filled at opens, which are not.
        case bounce
        /// Two thirds of every symbol's variance is that of one common step.
        case common
        /// As `common`, and every price rises, as if holding all had a Sharpe ratio of 0.4.
        case rising

        var words: String {
            switch self {
            case .tails: "steps with fat tails"
            case .regimes: "calm and wild months"
            case .bounce: "closes that bounce"
            case .common: "symbols that move together"
            case .rising: "the same, rising at a ratio of 0.4"
            }
        }
    }

    private static let volatility = 0.012
    private static let commonShare = 2.0 / 3
    /// The chance that a session begins another regime.
    private static let change = 1.0 / 42

    private let kind: Kind
    /// The common step and whether times are wild, session by session.
    private var sessions: [(step: Double, isWild: Bool)] = []

    init(_ kind: Kind, seed: UInt64, sessions count: Int) {
        self.kind = kind
        var common = SeededRandom(seed: seed)
        var isWild = false
        for _ in 0..<count {
            if common.nextUnit() < Self.change { isWild.toggle() }
            sessions.append((common.nextNormal(), isWild))
        }
    }

    /// The bars of a symbol on weekdays from a date on.
    func series(of symbol: Symbol, from: CalendarDate, seed: UInt64) -> BarSeries {
        var random = SeededRandom(seed: seed)
        var series = BarSeries(symbol: symbol)
        var date = from.adding(days: -1).nextWeekday
        var price = 20 + 180 * random.nextUnit()
        for session in sessions {
            let scale = Self.volatility * (kind == .regimes ? (session.isWild ? 1.6 : 0.4) : 1)
            let open = price * (1 + 0.3 * scale * random.nextNormal())
            let last = open * (1 + max(-0.5, drift + scale * step(session.step, &random)))
            let close = last * (kind == .bounce ? 1 + 0.3 * scale * random.nextNormal() : 1)
            let high = max(open, close) * (1 + 0.5 * scale * abs(random.nextNormal()))
            let low = min(open, close) * (1 - min(0.5, 0.5 * scale * abs(random.nextNormal())))
            let volume = (1_000_000 * (0.5 + random.nextUnit())).rounded()
            series.append(
                Bar(
                    symbol: symbol,
                    time: Instant(date),
                    open: Self.rounded(open),
                    high: Self.rounded(high),
                    low: Self.rounded(low),
                    close: Self.rounded(close),
                    volume: volume
                )
            )
            date = date.nextWeekday
            price = max(1, last)
        }
        return series
    }

    private var drift: Double {
        // Holding five such symbols has about this share of one symbol's deviation.
        kind == .rising ? 0.4 / 252.0.squareRoot() * 0.87 * Self.volatility : 0
    }

    private func step(_ common: Double, _ random: inout SeededRandom) -> Double {
        let own = random.nextNormal()
        switch kind {
        case .regimes, .bounce: return own
        case .common, .rising:
            return Self.commonShare.squareRoot() * common
                + (1 - Self.commonShare).squareRoot() * own
        case .tails:
            var square = 0.0
            for _ in 0..<3 {
                let normal = random.nextNormal()
                square += normal * normal
            }
            // Its variance is 3, so that this has one of 1; beyond 20 there is no market any more.
            return max(-20, min(20, own / square.squareRoot()))
        }
    }

    private static func rounded(_ price: Double) -> Double {
        max(0.0001, (price * 10_000).rounded() / 10_000)
    }
}
