// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Trading

/// The way to a venue, which never waits: requests are handed over, reports are fetched when there
/// are some.
public protocol VenueLink: AnyObject {
    /// Readable while there are reports; -1 when nothing can be waited for.
    var descriptor: Int32 { get }
    /// What is known of the account; nil until it was asked.
    var account: BrokerAccount? { get }
    /// Why the last request came to nothing; nil once one has come to something again.
    var trouble: String? { get }

    /// Hands a request over.
    func send(_ request: VenueRequest)

    /// The reports that have come since the last call, oldest first.
    func takeReports() -> [VenueReport]
}
