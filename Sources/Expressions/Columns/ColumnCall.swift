// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One call of a column function.
public struct ColumnCall: Sendable {
    /// The name of the function.
    public let name: String
    /// What it is given.
    public let arguments: [ColumnArgument]
}
