// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What ended a wait for a doorbell.
public enum DoorbellOutcome: Sendable, Hashable {
    /// Something changed in the folder.
    case rang
    /// The folder was moved away or removed; it takes a new doorbell.
    case folderGone
    /// The wake descriptor became readable.
    case interrupted
    /// The deadline passed first.
    case timedOut
}
