// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Makes a write that nobody reads fail with an error instead of ending the program.
enum BrokenPipes {
    /// Runs once per process; a handler that the program installed itself is left alone.
    static let areIgnored: Bool = {
        var current = sigaction()
        guard sigaction(SIGPIPE, nil, &current) == 0 else { return false }
        guard current.__sigaction_handler.sa_handler == nil else { return true }
        current.__sigaction_handler.sa_handler = SIG_IGN
        return sigaction(SIGPIPE, &current, nil) == 0
    }()
}
