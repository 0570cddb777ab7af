// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A mistake that a dispatcher could make, planted to see whether the study finds it.
public enum PlantedBug: String, Sendable, CaseIterable {
    /// An order whose answer is missing is sent again under another id.
    case sendsAgain
    /// An order is sent before it is written down.
    case sendsFirst
    /// Each report of an execution is booked, whatever its id.
    case booksTwice
    /// Stops are written down and never sent.
    case forgetsStops
    /// What no verdict has allowed is sent as well.
    case skipsVerdict
    /// A new life does not read the journal.
    case losesJournal
    /// A stop in doubt is waited for until nothing can be on its way any more.
    case waitsOut
    /// An entry is sent while the disk refuses to take it down.
    case owesEntries
    /// An order that closes is sent once, however long the venue does not have it.
    case neverRepeats
}
