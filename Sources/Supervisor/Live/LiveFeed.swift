// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Tells when bars become known on a desk that runs in the present.
///
/// The supervisor knows nothing of prices: it asks for the instants alone. The feed may grow while
/// the desk runs.
public protocol LiveFeed: AnyObject {
    /// The instants at which bars become known, oldest first.
    /// - Parameters:
    ///   - last: Only instants behind this one; nil for all.
    ///   - now: None behind this one.
    /// - Returns: The instants, strictly increasing.
    /// - Throws: An error when the feed cannot be read at the moment; it is asked again.
    func instants(after last: Instant?, through now: Instant) throws -> [Instant]
}
