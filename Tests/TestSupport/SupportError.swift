// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A test that cannot go on: the reason, and what to do about it.
public struct SupportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One clause for the person who reads the failed test.
    public let description: String

    /// Creates an error with its clause.
    public init(_ description: String) {
        self.description = description
    }
}

/// What the system says about the call that failed last.
func lastSystemReason(_ number: Int32 = errno) -> String {
    String(cString: strerror(number)).lowercased()
}
