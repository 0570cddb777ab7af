// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Trading

/// What the dispatcher wants done, one after the other: an entry has to be on the disk before the
/// effect behind it is begun.
public enum DispatchEffect: Sendable, Hashable {
    /// Write to the journal and flush it.
    case write(JournalEntry)
    /// Send to the venue.
    case send(VenueRequest)
    /// Halt the desk, because the account and the orders do not agree.
    case halt(String)
}
