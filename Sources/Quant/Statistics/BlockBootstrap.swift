// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Confidence intervals of the mean and the Sharpe ratio from resampled blocks of returns.
///
/// Blocks keep the dependence between neighbours, which drawing single returns would destroy and
/// thereby understate the error. The series is closed to a ring, so that every return is drawn
/// equally often. The same seed gives the same intervals on any machine and any number of threads.
public struct BlockBootstrap: Sendable, Hashable {
    /// How the lengths of blocks are chosen.
    public enum Scheme: String, Sendable, Hashable, CaseIterable {
        /// All blocks are equally long (Politis and Romano, 1992).
        case circular
        /// Lengths are geometric with the block length as their mean (Politis and Romano, 1994).
        case stationary
    }

    /// A range that covers the true value with the confidence asked for.
    public struct Interval: Sendable, Hashable {
        /// The lower end.
        public let lower: Double
        /// The upper end.
        public let upper: Double
    }

    /// The most resamples.
    public static let mostResamples = 1_000_000

    /// The number of resamples.
    public let resamples: Int
    /// The length of a block, or its mean.
    public let blockLength: Int
    /// How the lengths are chosen.
    public let scheme: Scheme
    /// The share of true values that an interval is to cover.
    public let confidence: Double
    /// The interval of the mean return of a period.
    public let mean: Interval
    /// The interval of the annual Sharpe ratio; nil when a resample has none.
    public let sharpe: Interval?

    /// Draws the resamples and takes percentiles, between neighbours in proportion.
    ///
    /// Without a block length it is the least whole number whose cube is not below the number of
    /// returns, the rate at which the best length grows.
    /// - Throws: A ``QuantError`` with code `badParameter` for fewer than two returns, or a number
    ///   of resamples, a length or a confidence out of range.
    public init(
        returns: [Double],
        resamples: Int,
        seed: UInt64,
        blockLength: Int? = nil,
        scheme: Scheme = .stationary,
        confidence: Double = 0.95,
        periodsPerYear: Double = 252,
        riskFree: Double = 0,
        parallel: Parallel = .none
    ) throws(QuantError) {
        let length = blockLength ?? Self.defaultLength(returns.count)
        guard returns.count >= 2, returns.allSatisfy(\.isFinite) else {
            throw Self.error("it needs at least two returns, all finite")
        }
        guard (1...Self.mostResamples).contains(resamples) else {
            throw Self.error("the resamples must be from 1 to \(Self.mostResamples)")
        }
        guard (1...returns.count).contains(length) else {
            throw Self.error(
                "a block of \(length) is not from 1 to the \(returns.count) returns"
            )
        }
        guard confidence > 0, confidence < 1 else {
            throw Self.error("the confidence must be above 0 and below 1")
        }
        let resampler = Resampler(returns, length: length, scheme: scheme)
        var source = SeededRandom(seed: seed)
        let seeds = (0..<resamples).map { _ in source.next() }
        let draws = parallel.map(resamples) { resampler.draw(seed: seeds[$0]) }
        let riskless = riskFree / periodsPerYear
        let ratios = draws.compactMap { draw in
            draw.deviation > 0 ? (draw.mean - riskless) / draw.deviation : nil
        }
        self.resamples = resamples
        self.blockLength = length
        self.scheme = scheme
        self.confidence = confidence
        mean = Self.interval(draws.map(\.mean), confidence)
        sharpe =
            ratios.count < draws.count
            ? nil : Self.interval(ratios.map { $0 * periodsPerYear.squareRoot() }, confidence)
    }

    private static func defaultLength(_ count: Int) -> Int {
        var length = 1
        while length * length * length < count { length += 1 }
        return length
    }

    private static func interval(_ values: [Double], _ confidence: Double) -> Interval {
        let sorted = values.sorted()
        func percentile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let below = Int(place)
            let above = min(below + 1, sorted.count - 1)
            return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
        }
        let tail = (1 - confidence) / 2
        return Interval(lower: percentile(tail), upper: percentile(1 - tail))
    }

    private static func error(_ reason: String) -> QuantError {
        QuantError(.badParameter, operation: "resample returns", reason: reason)
    }
}

/// Draws resamples of a series and sums them up.
private struct Resampler: Sendable {
    let distances: [Double]
    let center: Double
    let length: Int
    let scheme: BlockBootstrap.Scheme

    init(_ returns: [Double], length: Int, scheme: BlockBootstrap.Scheme) {
        let center = returns.reduce(0, +) / Double(returns.count)
        // What is summed lies around zero, so that squares lose no digits.
        distances = returns.map { $0 - center }
        self.center = center
        self.length = length
        self.scheme = scheme
    }

    func draw(seed: UInt64) -> (mean: Double, deviation: Double) {
        var random = SeededRandom(seed: seed)
        let count = distances.count
        var sum = 0.0
        var squares = 0.0
        var place = 0
        var left = 0
        for index in 0..<count {
            let isNew =
                switch scheme {
                case .circular: left == 0
                case .stationary: index == 0 || random.nextUnit() * Double(length) < 1
                }
            if isNew {
                place = Int(random.nextUnit() * Double(count))
                left = length
            }
            let distance = distances[place]
            sum += distance
            squares += distance * distance
            place = place + 1 == count ? 0 : place + 1
            left -= 1
        }
        let mean = sum / Double(count)
        let variance = (squares - sum * mean) / Double(count - 1)
        // What rounding leaves of equal values is no spread.
        return (center + mean, variance > 1e-15 * squares ? variance.squareRoot() : 0)
    }
}
