// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The lots of one instrument on one side.
struct HeldSide: Sendable, Hashable {
    let instrument: InstrumentID
    let side: Side
}

extension Lot {
    /// The lots to which it belongs.
    var heldSide: HeldSide { HeldSide(instrument: instrument, side: side) }
}
