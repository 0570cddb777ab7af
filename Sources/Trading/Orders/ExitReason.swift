// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why a lot was closed.
public enum ExitReason: String, Sendable, Hashable, CaseIterable {
    /// A client asked for it.
    case exit
    /// The price reached the stop.
    case stop
    /// The price reached the target.
    case target
    /// The lot was held for as many sessions as its plan allows.
    case holdLimit
    /// Somebody asked to close everything.
    case closeAll
    /// What the entry was made for does not hold any more.
    case invalidation
    /// Its stop could not be placed at the broker, or was taken away there.
    case unprotected
    /// The run has ended.
    case windowEnd
    /// The equity is used up.
    case ruin
    /// The account's value did not bear the position any more, and the venue closed it.
    case liquidation
    /// The account did not bear its margins at the end of a trading day.
    case marginCall

    /// Whether the venue or a halt closes by force: at once and as a whole, however little is
    /// traded.
    var isForced: Bool {
        switch self {
        case .closeAll, .marginCall, .liquidation, .windowEnd, .ruin: true
        case .exit, .stop, .target, .holdLimit, .invalidation, .unprotected: false
        }
    }
}
