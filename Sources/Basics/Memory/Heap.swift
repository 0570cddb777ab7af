// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CFiles

/// The memory that this process has of the system.
public enum Heap {
    /// Gives back what is free, that of other threads included.
    ///
    /// The C library keeps most of what was ever in use at the same time. Takes about a millisecond
    /// for each ten megabytes.
    public static func giveBack() { desk_give_back_memory() }

    /// Lets all threads share one heap; to be called before there are others.
    ///
    /// Of a heap of a thread's own, ``giveBack()`` leaves what lies at its end.
    public static func share() { desk_share_heap() }
}
