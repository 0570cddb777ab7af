// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

extension ExitOffset {
    /// The offset of a backtest's level.
    ///
    /// Nil for a distance that is no number, which is never reached. A distance is rounded half
    /// to even at the eighth place.
    /// - Throws: A ``TradingError`` with code `invalidPlan`.
    init?(_ level: Decision.Level) throws(TradingError) {
        switch level {
        case .share(let share):
            guard let number = Decimal8(exactly: share) else { throw Self.tooFine(share) }
            self = .share(number)
        case .distance(let distance):
            guard !distance.isNaN else { return nil }
            guard abs(distance) < 1e7, let number = Decimal8(rounding: distance) else {
                throw Self.tooFine(distance)
            }
            self = .distance(number)
        }
    }

    private static func tooFine(_ value: Double) -> TradingError {
        TradingError(
            .invalidPlan,
            "use the offset \(value)",
            "it has more than eight decimals or is too large"
        )
    }
}
