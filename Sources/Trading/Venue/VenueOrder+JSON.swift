// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension VenueOrder {
    /// The order as a journal keeps it.
    public var json: JSON {
        var members: [JSON.Member] = [
            JSON.Member("id", .quoted(id)), JSON.Member("entry", .quoted(entry)),
            JSON.Member("instrument", .quoted(instrument)),
            JSON.Member("side", .string(side.rawValue)),
            JSON.Member("quantity", .quoted(quantity)),
            JSON.Member("reducesOnly", .bool(reducesOnly)),
        ]
        switch kind {
        case .market: break
        case .limit(let price): members.append(JSON.Member("limit", .quoted(price)))
        case .stop(let price): members.append(JSON.Member("stop", .quoted(price)))
        }
        return .object(members)
    }

    /// Reads what ``json`` wrote.
    /// - Throws: A ``TradingError``.
    public init(_ reader: MessageReader) throws(TradingError) {
        let kind: Kind
        if let stop = try reader.optionalPrice("stop") {
            kind = .stop(stop)
        } else {
            kind = try reader.optionalPrice("limit").map { .limit($0) } ?? .market
        }
        self.init(
            id: try OrderID(anyKind: try reader.text("id")),
            entry: try OrderID(try reader.text("entry")),
            instrument: try InstrumentID(try reader.text("instrument")),
            side: try reader.word("side"),
            quantity: try Quantity(try reader.decimal("quantity")),
            kind: kind,
            reducesOnly: try reader.flag("reducesOnly")
        )
    }
}
