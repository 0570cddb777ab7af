// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The random walk of one simulated symbol.
struct SimulatedWalk {
    /// The long-run standard deviation of a session's return.
    private static let volatility = 0.012
    /// The weights of the last squared surprise and the last variance (GARCH of order 1, 1).
    private static let shock = 0.08
    private static let persistence = 0.90
    private static let leastPrice = 1.0

    private let symbol: Symbol
    private let edge: PlantedEdge
    private var random: SeededRandom
    private var close: Double
    private var variance = volatility * volatility
    /// The internal bar strength of the last published bar; a half says nothing.
    private var strength = 0.5
    /// The month of the last session, and its number in it.
    private var month = 0
    private var session = 0

    init(seed: UInt64, symbol: Symbol, edge: PlantedEdge) {
        self.symbol = symbol
        self.edge = edge
        random = SeededRandom(seed: seed ^ Self.fingerprint(symbol.description))
        close = Self.rounded(20 + 180 * random.nextUnit())
    }

    mutating func next(_ time: Instant) -> Bar {
        let deviation = variance.squareRoot()
        let open = price(close, by: gap(deviation))
        count(time.date)
        let drift = edge.drift(deviation: deviation, position: strength, session: session)
        let surprise = deviation * random.nextNormal()
        let last = price(open, by: drift + surprise)
        let above = 0.5 * deviation * abs(random.nextNormal())
        let below = 0.5 * deviation * abs(random.nextNormal())
        let high = price(max(open, last), by: above)
        let low = price(min(open, last), by: -below)
        let change = last / close - 1
        let volume = (1_000_000 * (0.5 + random.nextUnit() + abs(change) / deviation)).rounded()
        update(surprise: surprise, high: high, low: low, close: last)
        return Bar(
            symbol: symbol,
            time: time,
            open: open,
            high: high,
            low: low,
            close: last,
            volume: volume
        )
    }

    private mutating func count(_ date: CalendarDate) {
        let month = date.parts.month
        session = month == self.month ? session + 1 : 1
        self.month = month
    }

    /// The way from a close to the next open: small, with a rare jump.
    private mutating func gap(_ deviation: Double) -> Double {
        let isJump = random.nextUnit() < 0.01
        return deviation * random.nextNormal() * (isJump ? 3 : 0.3)
    }

    private mutating func update(surprise: Double, high: Double, low: Double, close: Double) {
        let long = Self.volatility * Self.volatility
        let base = (1 - Self.shock - Self.persistence) * long
        // One wild session must not blow the variance up for good.
        let square = min(surprise * surprise, 25 * long)
        variance = base + Self.shock * square + Self.persistence * variance
        strength = high > low ? (close - low) / (high - low) : 0.5
        self.close = close
    }

    private func price(_ price: Double, by change: Double) -> Double {
        max(Self.leastPrice, Self.rounded(price * (1 + max(-0.5, change))))
    }

    private static func rounded(_ price: Double) -> Double {
        (price * 10_000).rounded(.toNearestOrEven) / 10_000
    }

    /// A number for a text (FNV-1a), so that each symbol has a stream of its own.
    private static func fingerprint(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}
