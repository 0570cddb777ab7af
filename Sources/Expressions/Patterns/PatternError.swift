// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Says why a regular expression is malformed.
struct PatternError: Error, Sendable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
