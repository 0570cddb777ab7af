// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Trading

/// Where the prices of a session come from.
public protocol SessionPriceSource {
    /// The prices of the session that ended at this time; instruments without a price are absent.
    func prices(at time: Instant) -> [InstrumentID: SessionPrices]

    /// The ends of the last sessions through a time, oldest first, at most so many.
    func instants(through time: Instant, limit: Int) -> [Instant]
}
