// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a column function is given for one of its parameters.
public enum ColumnArgument: Sendable {
    /// A series; truth values arrive as 1 and 0, missing ones as NaN.
    case column([Double])
    /// A value that does not depend on the row.
    case constant(Value)
}
