// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Trading

extension VenueOrder {
    /// An order that protects or closes what this entry opens.
    func reducing(_ id: OrderID, _ quantity: Quantity, _ kind: Kind) -> VenueOrder {
        VenueOrder(
            id: id,
            entry: entry,
            instrument: instrument,
            side: side.opposite,
            quantity: quantity,
            kind: kind,
            reducesOnly: true
        )
    }

    /// The same order in another size or of another kind.
    func with(quantity: Quantity? = nil, kind: Kind? = nil) -> VenueOrder {
        VenueOrder(
            id: id,
            entry: entry,
            instrument: instrument,
            side: side,
            quantity: quantity ?? self.quantity,
            kind: kind ?? self.kind,
            reducesOnly: reducesOnly
        )
    }
}
