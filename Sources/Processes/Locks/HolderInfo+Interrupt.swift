// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension HolderInfo {
    /// Asks the holder to end, as Ctrl-C does.
    ///
    /// A holder that has ended meanwhile is no error.
    /// - Throws: `permissionDenied` when it belongs to somebody else.
    public func interrupt() throws(ProcessError) {
        guard kill(processID, SIGTERM) != 0, errno != ESRCH else { return }
        throw ProcessError("end", "process \(processID)", errorNumber: errno)
    }
}
