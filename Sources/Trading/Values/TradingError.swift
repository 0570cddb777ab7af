// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A value or a request that trading refuses.
public struct TradingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that a caller can act on.
    public enum Code: Sendable, Hashable {
        /// An identifier is empty, too long or has a character that is not allowed.
        case invalidIdentifier
        /// A price is not above zero or beyond its limit.
        case invalidPrice
        /// A quantity is not above zero or beyond its limit.
        case invalidQuantity
        /// An amount of money lies beyond what an account can hold.
        case outOfRange
        /// A session's prices contradict one another.
        case invalidSession
        /// An exit plan has neither a stop nor a holding limit.
        case planWithoutEnd
        /// A stop, a target, a holding limit, a confidence or a risk makes no sense.
        case invalidPlan
        /// The costs, the capital or a limit of the exchange make no sense.
        case invalidConfiguration
        /// The tables of instruments have no such product, or its codes have another form.
        case unknownInstrument
        /// The date lies before the first row of the tables, or outside their calendars.
        case notInForce
        /// The tables do not say what is asked: a margin, a fee, a leverage.
        case unknownCharge
        /// More was to be closed than is held and not reserved.
        case notEnoughToClose
        /// A price, a quantity or a leverage is none that the venue takes.
        case offGrid
        /// The parts of a stored exchange contradict one another.
        case inconsistentRecord
        /// A message lacks a member or holds one of the wrong kind.
        case invalidMessage
        /// The gateway answered with an error; see ``TradingError/fault``.
        case refused
        /// The gateway could not be asked, and nothing can have changed.
        case unavailable
        /// A request was sent and no usable answer came back, so that it may have taken effect.
        case outcomeUnknown
    }

    /// The kind of failure.
    public let code: Code
    /// What was attempted, as a verb phrase.
    public let operation: String
    /// The reason, as a lowercase clause.
    public let reason: String
    /// The error that the gateway named, when the code is `refused` or `outcomeUnknown`.
    public let fault: GatewayFault?

    /// Creates an error.
    public init(_ code: Code, _ operation: String, _ reason: String, fault: GatewayFault? = nil) {
        self.code = code
        self.operation = operation
        self.reason = reason
        self.fault = fault
    }

    /// One clause: what failed and why.
    public var description: String { "cannot \(operation): \(reason)" }
}
