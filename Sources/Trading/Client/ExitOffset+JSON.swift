// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension ExitOffset {
    /// The offset as it travels: `{"share": "0.03"}` or `{"distance": "1.5"}`.
    var json: JSON {
        switch self {
        case .share(let share): ["share": .quoted(share)]
        case .distance(let distance): ["distance": .quoted(distance)]
        }
    }

    /// Reads a member that may be absent.
    init?(_ reader: MessageReader, _ name: String) throws(TradingError) {
        guard reader.has(name) else { return nil }
        let inner = try reader.object(name)
        try inner.allowOnly(["share", "distance"])
        if let share = try inner.optionalDecimal("share") {
            guard !inner.has("distance") else {
                throw TradingError(.invalidMessage, "read \(name)", "it has one of two members")
            }
            self = .share(share)
        } else {
            self = .distance(try inner.decimal("distance"))
        }
    }
}
