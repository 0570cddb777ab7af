// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox

/// Memory that the kernel does not move to a disk.
public enum LockedMemory {
    /// Locks all memory that the process has; where there is no limit, also all that it will have.
    ///
    /// Wraps mlockall(2).
    /// - Returns: False when the user may not lock so much, which is then said in a log.
    public static func lock() -> Bool { desk_lock_memory() != 0 }
}
