// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What kind of thing is traded.
public enum InstrumentKind: String, Sendable, Hashable, CaseIterable {
    /// A share, paid for as a whole.
    case share
    /// A commodity future, on margin and marked to the settlement price of each day.
    case future
    /// A future without an end, on margin and with funding each hour.
    case perpetual
}
