// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

extension GatewayService {
    func readAccount(_ reader: MessageReader) throws(RequestFailure) -> JSON {
        try checking { () throws(TradingError) in try reader.allowOnly([]) }
        let stamp = try requireStamp()
        return AccountReport(
            exchange,
            at: stamp,
            state: state(before: stamp),
            signalRisk: controls.limits[.signalRisk]
        ).json
    }

    mutating func readMetrics(_ reader: MessageReader) throws(RequestFailure) -> JSON {
        try checking { () throws(TradingError) in try reader.allowOnly([]) }
        return accountFigures()
    }

    /// The figures of the account, with every close taken in.
    mutating func accountFigures() -> JSON {
        metrics.take(exchange.equityCurve())
        let placed = stamp?.time ?? metrics.time ?? Instant(nanosecondsSinceEpoch: 0)
        return metrics.json(
            at: max(placed, settings.now?() ?? placed),
            of: exchange.book.account
        )
    }

    func readEvents(_ reader: MessageReader) throws(RequestFailure) -> JSON {
        let (after, limit) = try checking { () throws(TradingError) in
            try reader.allowOnly(["after", "limit"])
            let limit = try reader.optionalInt("limit") ?? EventsReport.longest
            return (try reader.int("after"), limit)
        }
        guard after >= 0, limit >= 1 else {
            throw RequestFailure(
                .invalidParameters,
                "params: 'after' is at least 0 and 'limit' at least 1"
            )
        }
        _ = try requireStamp()
        return EventsReport(exchange, after: after, limit: limit).json
    }

    mutating func halt(_ reader: MessageReader) throws(RequestFailure) -> JSON {
        let state: TradingState = try checking { () throws(TradingError) in
            reader.has("state") ? try reader.word("state") : .halted
        }
        switch state {
        case .halted: return try control(reader, .halt)
        case .reducing: return try control(reader, .reduce)
        case .active:
            throw RequestFailure(
                .invalidParameters,
                "params.state: expected halted or reducing; see 'resume'"
            )
        }
    }

    mutating func control(
        _ reader: MessageReader,
        _ kind: Control.Kind
    ) throws(RequestFailure) -> JSON {
        let reason = try checking { () throws(TradingError) in
            let isHalt = kind == .halt || kind == .reduce
            try reader.allowOnly(isHalt ? ["reason", "state"] : ["reason"])
            return try reader.text("reason")
        }
        guard (1...Control.longestReason).contains(reason.utf8.count) else {
            throw RequestFailure(
                .invalidParameters,
                "params.reason: needs 1 to \(Control.longestReason) bytes"
            )
        }
        let control = Control(kind, reason: reason, at: try requireStamp())
        // A replay halts in desk time alone, or an instant that runs again would not be the same.
        if kind == .halt, settings.now != nil { engageHalt(.agent, reason, flatten: false) }
        if !exchange.controls.contains(control) {
            try recording { ledger throws(GatewayError) in try ledger.record(control) }
            exchange.record(control)
        }
        if kind == .closeAll { closeAllAtBroker(isUrgent: false) }
        return ["recorded": true]
    }

    func requireStamp() throws(RequestFailure) -> Stamp {
        guard let stamp else {
            throw RequestFailure(
                .notReady,
                "no session was settled and no round begun since the gateway started"
            )
        }
        return stamp
    }

    func checking<Value>(
        _ read: () throws(TradingError) -> Value
    ) throws(RequestFailure) -> Value {
        do { return try read() } catch { throw RequestFailure(error) }
    }

    func recording(
        _ record: (Ledger) throws(GatewayError) -> Void
    ) throws(RequestFailure) {
        do { try record(ledger) } catch { throw RequestFailure(error) }
    }
}
