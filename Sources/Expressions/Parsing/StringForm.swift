// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What the prefix of a string literal asks for.
struct StringForm: Sendable {
    var isRaw = false
    var isBytes = false

    init() {}

    /// Reads `r`, `b` or both, in any case and order; nil for any other word.
    init?(prefix: String) {
        for letter in prefix.lowercased() {
            switch letter {
            case "r" where !isRaw: isRaw = true
            case "b" where !isBytes: isBytes = true
            default: return nil
            }
        }
    }
}
