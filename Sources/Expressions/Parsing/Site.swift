// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A place in the text of an expression, counted from 1 in Unicode code points.
struct Site: Sendable, Hashable {
    var line: Int32 = 1
    var column: Int32 = 1
}
