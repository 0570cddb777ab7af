// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Says what is wrong with the JSON of values, and at which octet.
struct TaggedError: Error {
    let message: String
    let place: Int

    init(_ message: String, at place: Int) {
        self.message = message
        self.place = place
    }
}
