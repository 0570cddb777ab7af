// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The net returns of a strategy week by week, from Monday on, so that any two can be compared.
///
/// A week's return is the sum of its periods' returns, rounded to 0.00000001. Weeks in which a
/// market is closed count as 0.
public struct WeeklyReturns: Sendable, Hashable {
    /// The number of the first week; week 0 holds 1 January 1970.
    public let first: Int
    /// The returns in steps of 0.00000001, one per week without gaps.
    public let steps: [Int]

    /// The most weeks, about two hundred years.
    static let mostWeeks = 10_000

    /// Adds up the returns of a backtest; the first is from the first instant to the second.
    public init(_ result: BacktestResult) {
        let weeks = result.times.map { Self.week(of: $0.date) }
        guard let first = weeks.dropFirst().first, let last = weeks.last,
            last - first < Self.mostWeeks
        else {
            self.first = 0
            steps = []
            return
        }
        var sums = [Double](repeating: 0, count: last - first + 1)
        for (week, value) in zip(weeks.dropFirst(), result.returns) where value.isFinite {
            sums[week - first] += value
        }
        self.first = first
        steps = sums.map { Int((min(max($0, -1e6), 1e6) * 1e8).rounded(.toNearestOrEven)) }
    }

    /// Reads what ``json`` wrote.
    /// - Throws: A `JSONError` for what is no such list.
    public init(_ json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "weeks")
        try fields.allowOnly(["first", "steps"])
        first = try fields.int("first")
        guard abs(first) <= Self.mostWeeks else { throw JSONError("weeks.first: out of range") }
        var steps: [Int] = []
        for element in try fields.array("steps") {
            guard let step = element.intValue else {
                throw JSONError("weeks.steps: expected whole numbers, found \(element.kind)")
            }
            steps.append(step)
        }
        guard steps.count <= Self.mostWeeks else { throw JSONError("weeks.steps: too many") }
        self.steps = steps
    }

    /// The weeks as JSON.
    public var json: JSON {
        ["first": .int(Int64(first)), "steps": .array(steps.map { .int(Int64($0)) })]
    }

    /// The correlation over the weeks that both have; nil below a year of them, or when one does
    /// not vary there.
    public func correlation(with other: WeeklyReturns) -> Double? {
        let start = max(first, other.first)
        let end = min(first + steps.count, other.first + other.steps.count)
        guard end - start >= 52 else { return nil }
        let count = Double(end - start)
        var sums = (left: 0.0, right: 0.0)
        for week in start..<end {
            sums.left += Double(steps[week - first])
            sums.right += Double(other.steps[week - other.first])
        }
        var squares = (left: 0.0, right: 0.0, both: 0.0)
        for week in start..<end {
            let left = Double(steps[week - first]) - sums.left / count
            let right = Double(other.steps[week - other.first]) - sums.right / count
            squares.left += left * left
            squares.right += right * right
            squares.both += left * right
        }
        guard squares.left > 0, squares.right > 0 else { return nil }
        return finite(squares.both / (squares.left * squares.right).squareRoot())
    }

    private static func week(of date: CalendarDate) -> Int {
        // 1 January 1970 was a Thursday.
        let days = date.daysSinceEpoch + 3
        return days >= 0 ? days / 7 : (days - 6) / 7
    }
}
