// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Refits a strategy's parameters as time goes by: the best of a grid on a stretch of bars trades
/// the bars after it, and so on to the end.
///
/// No bar decides about itself or an earlier one: a choice uses the bars before the ones it trades.
/// Every stretch begins and ends without a position, with the equity that the one before left.
public struct WalkForward: Sendable, Hashable {
    /// The number of bars that a choice is made on.
    public let train: Int
    /// The number of bars that are traded before the next choice.
    public let test: Int
    /// The values to choose from, as the command line writes grids.
    public let grid: String
    /// The figure that the best combination has most of.
    public let by: String

    /// The figures that a choice may go by.
    public static let measures = [
        "total_return", "cagr", "sharpe", "sortino", "calmar", "newey_west_t", "psr",
    ]

    /// Reads the member `walk_forward` of a strategy file.
    /// - Throws: A ``QuantError`` with code `badStrategy`, whose reason starts with the path.
    public init(_ json: JSON) throws(QuantError) {
        do throws(JSONError) {
            let fields = try JSONFields(json, path: "strategy.walk_forward")
            try fields.allowOnly(["train", "test", "grid", "by"])
            train = try fields.int("train")
            test = try fields.int("test")
            grid = try fields.string("grid")
            by = try fields.optional("by") == nil ? "sharpe" : fields.string("by")
            guard train >= 2, train <= 1 << 40 else {
                throw JSONError("strategy.walk_forward.train: expected at least 2 bars")
            }
            guard test >= 1, test <= 1 << 40 else {
                throw JSONError("strategy.walk_forward.test: expected at least 1 bar")
            }
            guard Self.measures.contains(by) else {
                let near = NearestName(to: by, among: Self.measures).name
                let meant = near.map { "; did you mean '\($0)'?" } ?? ""
                throw JSONError(
                    "strategy.walk_forward.by: '\(by.prefix(40))' is none of "
                        + Self.measures.joined(separator: ", ") + meant
                )
            }
        } catch {
            throw QuantError(.badStrategy, operation: "read strategy", reason: error.description)
        }
    }

    /// The member as JSON, in a fixed order.
    public var json: JSON {
        [
            "train": .int(Int64(train)), "test": .int(Int64(test)), "grid": .string(grid),
            "by": .string(by),
        ]
    }
}
