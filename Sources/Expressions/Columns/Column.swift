// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A series of values, one per row.
public enum Column: Sendable, Equatable {
    /// Numbers, of which NaN stands for a missing one.
    case numbers([Double])
    /// Truth values.
    case booleans([Ternary])

    /// The number of rows.
    public var count: Int {
        switch self {
        case .numbers(let rows): rows.count
        case .booleans(let rows): rows.count
        }
    }

    /// The numbers, with truth values as 1, 0 and NaN.
    public var asNumbers: [Double] {
        switch self {
        case .numbers(let rows): rows
        case .booleans(let rows): rows.map { $0 == .missing ? .nan : ($0 == .yes ? 1 : 0) }
        }
    }
}
