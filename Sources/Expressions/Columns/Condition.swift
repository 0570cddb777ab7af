// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A condition on the rows of a ``ColumnWorkspace``, or a truth value that holds for all of them.
public struct Condition: Sendable, Hashable {
    let place: Int
}
