// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension HolderInfo {
    /// Asks the holder to end, as Ctrl-C does.
    ///
    /// A holder that has ended meanwhile is no error.
    /// - Parameter atOnce: Whether to ask twice, which ends it without waiting for anything. Each
    ///   time by another signal: two of the same that come before the first is handled are one.
    /// - Throws: `permissionDenied` when it belongs to somebody else.
    public func interrupt(atOnce: Bool = false) throws(ProcessError) {
        for signal in atOnce ? [SIGTERM, SIGINT] : [SIGTERM] {
            guard kill(processID, signal) != 0, errno != ESRCH else { continue }
            throw ProcessError("end", "process \(processID)", errorNumber: errno)
        }
    }
}
