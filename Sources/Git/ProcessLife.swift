// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Whether the process that a file names can still be at work.
package enum ProcessLife {
    /// Whether a process is there and has not ended; true when that cannot be told.
    ///
    /// One that has ended and whose parent has not noticed is dead: it has nothing open any more.
    package static func isAlive(_ process: Int32) -> Bool {
        guard process > 0, kill(process, 0) == 0 || errno == EPERM else { return false }
        // Without an answer it counts as alive.
        let found = (try? Files.load("/proc/\(process)/stat", "look at a process")) ?? nil
        // The state follows the name, which may hold anything.
        guard let line = found, let end = line.lastIndex(of: UInt8(ascii: ")")) else { return true }
        let state = line[end...].dropFirst(2).first
        return state != UInt8(ascii: "Z") && state != UInt8(ascii: "X")
    }
}
