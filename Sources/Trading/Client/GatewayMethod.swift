// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What the gateway can be asked.
public enum GatewayMethod: String, Sendable, Hashable, CaseIterable {
    /// Settles one session.
    case settle = "session/settle"
    /// Names the instant and round in which clients speak from now on.
    case beginRound = "round/begin"
    /// Hands in a verdict that lets an intent pass.
    case recordVerdict = "verdict/record"
    /// Sums up the ledger.
    case summary = "ledger/summary"
    /// Submits an order.
    case submit = "order/submit"
    /// Reads the account.
    case readAccount = "account/read"
    /// Reads what the account has come to since the beginning.
    case readMetrics = "account/metrics"
    /// Reads events.
    case readEvents = "events/read"
    /// Closes every lot at the next open.
    case closeAll = "account/closeAll"
    /// Refuses entries until a person resumes.
    case halt = "halt"
    /// Allows entries again.
    case resume = "resume"

    /// The roles that may ask it.
    public var roles: [ClientRole] {
        switch self {
        case .settle, .beginRound, .recordVerdict, .summary, .resume: [.supervisor]
        case .submit: [.executor]
        case .readAccount, .readEvents: [.executor, .risk, .observer]
        case .readMetrics: ClientRole.allCases
        case .closeAll, .halt: [.risk, .supervisor]
        }
    }

    /// Whether it writes to the ledger.
    public var changesSomething: Bool {
        switch self {
        case .settle, .recordVerdict, .submit, .closeAll, .halt, .resume: true
        case .beginRound, .summary, .readAccount, .readMetrics, .readEvents: false
        }
    }

    /// The line by which the risk agent says that it lives; nobody answers it.
    public static let beat = (["jsonrpc": "2.0", "method": "risk/beat"] as JSON).compactBytes

    /// How often the native risk agent says that it lives.
    public static let beatMilliseconds = 400
}
