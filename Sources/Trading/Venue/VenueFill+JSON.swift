// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension VenueFill {
    /// The execution as a journal keeps it.
    public var json: JSON {
        [
            "id": .string(id), "order": .quoted(order), "instrument": .quoted(instrument),
            "side": .string(side.rawValue), "quantity": .quoted(quantity),
            "price": .quoted(price),
        ]
    }

    /// Reads what ``json`` wrote.
    /// - Throws: A ``TradingError``.
    public init(_ reader: MessageReader) throws(TradingError) {
        self.init(
            id: try reader.text("id"),
            order: reader.has("order") ? try OrderID(anyKind: try reader.text("order")) : nil,
            instrument: try InstrumentID(try reader.text("instrument")),
            side: try reader.word("side"),
            quantity: try Quantity(try reader.decimal("quantity")),
            price: try reader.price("price")
        )
    }
}
