// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Tells the command that started this program in the background that it is ready.
enum ReadyMark {
    /// Writes the byte that it waits for, and lets go of the descriptor.
    static func give() {
        var byte: UInt8 = 1
        // Nobody may be waiting any more; the desk runs all the same.
        _ = write(3, &byte, 1)
        close(3)
    }
}
