// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What is left of what may be spent on a goal; a turn is paid for before it starts.
///
/// What a turn will cost is not known before, so as much is set aside as the dearest turn so far
/// has cost, and a goal ends before a turn like that one would break a limit. A turn that was lost
/// with its desk is taken to have cost what was set aside for it.
public struct GoalBudget: Sendable, Hashable {
    /// The limits, named as in the configuration.
    public enum Limit: String, Sendable, Hashable, CaseIterable {
        /// The number of turns.
        case turns
        /// The time since the first turn.
        case wallTime = "wall_time"
        /// The tokens of language models.
        case tokens
        /// The money for language models.
        case money
    }

    /// What may be spent.
    public let limits: GoalLimits
    /// When the first turn began; nil before it.
    public var started: Instant?
    /// What the turns have cost that are settled.
    public private(set) var spent: GoalSpending
    /// What the dearest turn has cost.
    public private(set) var dearest: GoalSpending
    /// What is set aside for the turn that runs.
    public private(set) var reserved: GoalSpending?

    /// Creates a budget of which something may have been spent already.
    public init(
        _ limits: GoalLimits,
        started: Instant? = nil,
        spent: GoalSpending = GoalSpending(),
        dearest: GoalSpending = GoalSpending(),
        reserved: GoalSpending? = nil
    ) {
        self.limits = limits
        self.started = started
        self.spent = spent
        self.dearest = dearest
        self.reserved = reserved
    }

    /// What is set aside for the next turn.
    public var price: GoalSpending {
        GoalSpending(
            turns: 1,
            tokens: max(1, dearest.tokens),
            money: max(Self.smallestAmount, dearest.money)
        )
    }

    private static let smallestAmount = Decimal8(units: 1)

    /// The first limit that another turn would break; nil when there is room for one.
    public func limit(at now: Instant) -> Limit? {
        var total = spent
        if let reserved { total += reserved }
        total += price
        if total.turns > limits.turns { return .turns }
        if let most = limits.wallTime, let started {
            let (elapsed, overflow) = now.nanosecondsSinceEpoch
                .subtractingReportingOverflow(started.nanosecondsSinceEpoch)
            if overflow || elapsed / 1_000_000 >= most.milliseconds { return .wallTime }
        }
        if let most = limits.tokens, total.tokens > most { return .tokens }
        if let most = limits.money, total.money > most { return .money }
        return nil
    }

    /// Sets aside what a turn may cost.
    /// - Returns: Whether there was enough; when not, nothing has changed.
    public mutating func reserve(at now: Instant) -> Bool {
        guard reserved == nil, limit(at: now) == nil else { return false }
        reserved = price
        started = started ?? now
        return true
    }

    /// Books what turns have really cost; what was set aside is free again.
    public mutating func settle(_ actual: GoalSpending) {
        reserved = nil
        book(actual)
    }

    /// Books what turns have cost that nothing was set aside for.
    public mutating func book(_ actual: GoalSpending) {
        spent += actual
        dearest.tokens = max(dearest.tokens, actual.tokens)
        dearest.money = max(dearest.money, actual.money)
    }

    /// Books what was set aside for a turn that never came to a commit; the turn itself runs again.
    public mutating func forfeit() {
        guard var lost = reserved else { return }
        // Nothing is lost with a turn that could not have cost anything yet.
        lost.turns = 0
        if dearest.tokens == 0 { lost.tokens = 0 }
        if dearest.money == .zero { lost.money = .zero }
        reserved = nil
        spent += lost
    }
}
