// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Which agents of a group are started again when one of them fails.
enum RestartStrategy: String, Sendable, Hashable, CaseIterable {
    /// The one that failed.
    case oneForOne = "one_for_one"
    /// All of the group.
    case oneForAll = "one_for_all"
    /// The one that failed and those that are named after it.
    case restForOne = "rest_for_one"
}
