// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// Orders and executions for tests of the dispatcher.
protocol DispatcherSamples {}

extension DispatcherSamples {
    func order(_ id: String = "o1", _ quantity: Int = 10) throws -> VenueOrder {
        VenueOrder(
            id: try OrderID(id),
            entry: try OrderID(id),
            instrument: try InstrumentID("AAA"),
            side: .buy,
            quantity: try Quantity(Decimal8(quantity)),
            kind: .market,
            reducesOnly: false
        )
    }

    func fill(
        _ id: String,
        of order: String?,
        _ quantity: Int,
        _ side: Side = .buy,
        instrument: String = "AAA"
    ) throws -> VenueFill {
        VenueFill(
            id: id,
            order: try order.map { try OrderID(anyKind: $0) },
            instrument: try InstrumentID(instrument),
            side: side,
            quantity: try Quantity(Decimal8(quantity)),
            price: try Price(Decimal8(100))
        )
    }
}
