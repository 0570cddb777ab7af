// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport

/// Expects that a command failed as a person wants it to: with a status, and with sentences of our
/// own that hold certain words.
func expectComplaint(
    _ result: FinishedCommand,
    status: Int32,
    _ words: String...,
    at location: SourceLocation = #_sourceLocation
) {
    #expect(result.status == status, "\(result.stderr)", sourceLocation: location)
    let lines = result.stderr.split(separator: "\n")
    #expect(!lines.isEmpty, "nothing was said", sourceLocation: location)
    #expect(
        lines.allSatisfy { $0.hasPrefix("loopdesk: ") },
        "\(result.stderr)",
        sourceLocation: location
    )
    for word in words {
        #expect(result.stderr.contains(word), "\(result.stderr)", sourceLocation: location)
    }
}
