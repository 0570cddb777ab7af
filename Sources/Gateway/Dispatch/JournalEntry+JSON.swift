// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

extension JournalEntry {
    /// The word for what was written down.
    var kind: String {
        switch self {
        case .started: "started"
        case .account: "account"
        case .intent: "intent"
        case .ended: "ended"
        case .fill: "fill"
        case .close: "close"
        case .cancel: "cancel"
        }
    }

    /// The entry as the ledger keeps it, but for its kind.
    var json: JSON {
        switch self {
        case .started(let life): ["life": .int(Int64(life))]
        case .account(let number): ["number": .string(number)]
        case .intent(let order, let verdict, let stop):
            ["order": order.json, "verdict": .string(verdict), "giveUp": .quoted(stop)]
        case .ended(let id, let standing):
            ["order": .string(id.description), "standing": .string(standing.rawValue)]
        case .fill(let fill): fill.json
        case .close(let entry, let reason):
            ["entry": .string(entry.description), "reason": .string(reason.rawValue)]
        case .cancel(let id): ["order": .string(id.description)]
        }
    }

    /// Reads what ``json`` wrote under a kind.
    /// - Throws: A `TradingError`.
    init(_ kind: String, _ reader: MessageReader) throws(TradingError) {
        switch kind {
        case "started": self = .started(try reader.int("life"))
        case "account": self = .account(try reader.text("number"))
        case "intent":
            self = .intent(
                try VenueOrder(try reader.object("order")),
                verdict: try reader.text("verdict"),
                stop: try reader.optionalPrice("giveUp")
            )
        case "ended":
            self = .ended(
                try OrderID(anyKind: try reader.text("order")),
                try reader.word("standing")
            )
        case "fill": self = .fill(try VenueFill(reader))
        case "close":
            self = .close(try OrderID(try reader.text("entry")), try reader.word("reason"))
        case "cancel": self = .cancel(try OrderID(anyKind: try reader.text("order")))
        default:
            throw TradingError(
                .invalidMessage,
                "read the journal",
                "unknown kind '\(kind.prefix(40))'"
            )
        }
    }
}

extension JSON {
    fileprivate static func quoted(_ value: (some CustomStringConvertible)?) -> JSON {
        value.map { .string($0.description) } ?? .null
    }
}
