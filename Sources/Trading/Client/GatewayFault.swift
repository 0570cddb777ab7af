// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The error codes of the gateway's JSON-RPC replies.
public enum GatewayFault: Int, Sendable, Hashable, CaseIterable {
    /// The line is not JSON.
    case notJSON = -32700
    /// The JSON is not a request with an id.
    case invalidRequest = -32600
    /// There is no such method.
    case unknownMethod = -32601
    /// The parameters are missing, wrong or contradict one another.
    case invalidParameters = -32602
    /// The method exists and this role may not call it.
    case notAllowed = -32001
    /// No session was settled and no round begun since the gateway started.
    case notReady = -32002
    /// The time lies before what is settled already.
    case timePassed = -32003
    /// The session's prices are refused, and nothing was settled.
    case settlementRefused = -32004
    /// A newer client of the same role has taken over.
    case fenced = -32005
    /// The ledger could not be written, and nothing was recorded.
    case notRecorded = -32010
    /// The ledger failed and could not be read back: the request may have taken effect.
    case outcomeUnknown = -32011
}
