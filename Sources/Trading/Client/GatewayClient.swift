// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// An agent's side of the gateway: typed requests over lines.
///
/// The closure sends one line and returns the next one that comes back. An order whose answer is
/// lost is `outcomeUnknown` and never rejected: submit the same order again to learn its fate.
public struct GatewayClient {
    private let exchangeLine: (String) throws -> String
    private var lastID: Int64 = 0

    /// Creates a client over a connection.
    public init(exchangeLine: @escaping (String) throws -> String) {
        self.exchangeLine = exchangeLine
    }

    /// Submits an order; submitting it again gives the first answer.
    /// - Throws: A ``TradingError``: `refused` when the gateway names a fault, `outcomeUnknown`
    ///   when no usable answer came back. A rejected order is an answer and no error.
    public mutating func submit(_ order: Order) throws(TradingError) -> OrderAnswer {
        let reply = try request(.submit, order.json)
        do throws(TradingError) {
            let reader = try MessageReader(reply, path: "result")
            switch try reader.text("state") {
            case "accepted": return .accepted
            case "rejected": return .rejected(try reader.text("reason"))
            case let other: throw unusable(.submit, "unknown state '\(other)'")
            }
        } catch {
            throw unusable(.submit, error.reason)
        }
    }

    /// Reads the account.
    /// - Throws: A ``TradingError``: `refused`, or `unavailable` when no usable answer came back.
    public mutating func account() throws(TradingError) -> AccountReport {
        let reply = try request(.readAccount, [:])
        return try AccountReport(try MessageReader(reply, path: "result"))
    }

    /// Reads the events behind a number.
    /// - Throws: As ``account()``.
    public mutating func events(
        after sequence: Int,
        limit: Int = EventsReport.longest
    ) throws(TradingError) -> EventsReport {
        let reply = try request(
            .readEvents,
            ["after": .int(Int64(sequence)), "limit": .int(Int64(limit))]
        )
        return try EventsReport(try MessageReader(reply, path: "result"))
    }

    /// Asks to close every lot at the next open; asking again changes nothing.
    /// - Throws: As ``submit(_:)``.
    public mutating func closeAll(reason: String) throws(TradingError) {
        _ = try request(.closeAll, ["reason": .string(reason)])
    }

    /// Refuses entries from the next round on, until a person resumes.
    ///
    /// The state is `reducing` or `halted`.
    /// - Throws: As ``submit(_:)``.
    public mutating func halt(
        reason: String,
        state: TradingState = .halted
    ) throws(TradingError) {
        _ = try request(
            .halt,
            ["reason": .string(reason), "state": .string(state.rawValue)]
        )
    }

    private mutating func request(
        _ method: GatewayMethod,
        _ parameters: JSON
    ) throws(TradingError) -> JSON {
        lastID += 1
        let line: JSON = [
            "jsonrpc": "2.0",
            "id": .int(lastID),
            "method": .string(method.rawValue),
            "params": parameters,
        ]
        let reply: JSON
        do {
            reply = try JSON(parsing: try exchangeLine(line.compactText))
        } catch {
            throw unusable(method, "\(error)")
        }
        guard reply["id"] == .int(lastID) else {
            throw unusable(method, "the reply belongs to another request")
        }
        if let error = reply["error"] { throw refusal(method, error) }
        guard let result = reply["result"] else {
            throw unusable(method, "the reply has neither result nor error")
        }
        return result
    }

    private func refusal(_ method: GatewayMethod, _ error: JSON) -> TradingError {
        let fault = error["code"]?.intValue.flatMap { GatewayFault(rawValue: $0) }
        let reason = error["message"]?.stringValue ?? "the gateway gives no reason"
        let code: TradingError.Code =
            fault == .outcomeUnknown || fault == nil ? unusable(method, reason).code : .refused
        return TradingError(code, "ask for \(method.rawValue)", reason, fault: fault)
    }

    private func unusable(_ method: GatewayMethod, _ reason: String) -> TradingError {
        let changes = ![.readAccount, .readEvents, .summary].contains(method)
        return TradingError(
            changes ? .outcomeUnknown : .unavailable,
            "ask for \(method.rawValue)",
            reason
        )
    }
}
