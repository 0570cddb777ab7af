// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A place that takes orders: a broker, or the exchange on paper.
///
/// A venue never waits. What it has to say to a request may come at once, later with other reports,
/// or not at all; the dispatcher of the gateway is made for the worst.
public protocol Venue {
    /// Hands a request over.
    /// - Returns: What the venue says at once, if anything.
    mutating func take(_ request: VenueRequest) -> [VenueReport]
}
