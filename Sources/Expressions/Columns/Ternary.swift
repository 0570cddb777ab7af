// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A truth value that may be missing, ordered so that `and` is the lesser and `or` the greater.
@frozen
public enum Ternary: UInt8, Sendable, Hashable, CaseIterable {
    /// False.
    case no = 0
    /// Neither: an input is missing.
    case missing = 1
    /// True.
    case yes = 2

    /// Makes a truth value that is not missing.
    @inlinable
    public init(_ flag: Bool) {
        self = flag ? .yes : .no
    }
}
