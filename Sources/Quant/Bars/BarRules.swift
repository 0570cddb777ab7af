// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a bar must satisfy beyond being well formed.
public struct BarRules: Sendable, Hashable {
    /// When bars are complete; decides what is still in the future.
    public var timing: BarTiming
    /// Whether daily bars may lie on Saturdays and Sundays; false by default.
    public var tradesWeekends: Bool
    /// The calendar days between two bars beyond which a gap is reported; nil reports none.
    public var gapDays: Int?

    /// Creates rules; by default for daily bars of weekdays, with a warning beyond seven days.
    public init(timing: BarTiming = .daily, tradesWeekends: Bool = false, gapDays: Int? = 7) {
        self.timing = timing
        self.tradesWeekends = tradesWeekends
        self.gapDays = gapDays
    }

    /// Rules for data of which nothing is known: any day may trade and any may be missing.
    public static let anyMarket = BarRules(tradesWeekends: true, gapDays: nil)
}
