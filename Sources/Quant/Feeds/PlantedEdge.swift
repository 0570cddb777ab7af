// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How predictable a simulated market is made.
///
/// An edge moves the expected return from a session's open to its close by a multiple of σ, that
/// session's volatility. The way from a close to the next open is never predictable, and nothing
/// else is planted.
public struct PlantedEdge: Sendable, Hashable {
    /// What the edge depends on.
    public enum Form: String, Sendable, Hashable, CaseIterable {
        /// On the session after a bar whose internal bar strength, (close - low) / (high - low), is
        /// b, it is `strength · σ · (1 - 2b)`.
        ///
        /// So at strength 0.3 a purchase at the open after a close at the low of the day gains
        /// 0.3 σ on average, one after a close at the high loses as much.
        case reversal
        /// On the first eight sessions of each month it is `strength · σ`, on all others 0.
        ///
        /// No price says anything about it, so that of all rules only those of the calendar find
        /// it. The first month counts from its first session in the market.
        case turnOfMonth
        /// As ``turnOfMonth``, and what it adds is taken away again over the other sessions of the
        /// month, so that the price stays where it is in the long run.
        case tideOfMonth
    }

    /// The sessions of a month that have the edge of ``Form/turnOfMonth``.
    public static let sessionsOfMonth = 8
    /// The sessions of a month without it, on average over weekdays.
    private static let otherSessions = 261.0 / 12 - Double(sessionsOfMonth)

    /// The expected return in standard deviations of a session, where it is greatest.
    public let strength: Double
    /// What it depends on.
    public let form: Form

    /// A market in which no return can be predicted.
    public static let none = PlantedEdge(strength: 0)
    /// A market in which a reversal strategy stands out within a few years.
    public static let strong = PlantedEdge(strength: 0.3)

    /// Creates an edge; its strength is from -1 to 1, below 0 for the opposite.
    public init(strength: Double, form: Form = .reversal) {
        precondition((-1...1).contains(strength), "the strength of an edge is from -1 to 1")
        self.strength = strength
        self.form = form
    }

    /// The expected return of a session whose standard deviation is given.
    ///
    /// `position` is the internal bar strength of the bar before, and `session` the number of the
    /// session in its month.
    func drift(deviation: Double, position: Double, session: Int) -> Double {
        switch form {
        case .reversal: strength * deviation * (1 - 2 * position)
        case .turnOfMonth: session <= Self.sessionsOfMonth ? strength * deviation : 0
        case .tideOfMonth:
            session <= Self.sessionsOfMonth
                ? strength * deviation
                : -strength * deviation * Double(Self.sessionsOfMonth) / Self.otherSessions
        }
    }
}
