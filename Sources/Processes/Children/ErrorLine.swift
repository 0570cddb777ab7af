// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A line that a child wrote to its standard error.
public enum ErrorLine: Sendable, Hashable {
    /// The line without its line feed; of an overlong one the beginning.
    case text([UInt8], isCut: Bool)
    /// So many lines came faster than they are taken in and were dropped.
    case dropped(Int)
}
