// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Reads last words of models, without a model; for studies of hostile ones.
package enum ReplyReading {
    /// Whether the words agree; nil when they are no opinion.
    package static func opinion(_ text: String) -> Bool? {
        // Why they are none is of no interest here.
        (try? ModelJudge.read(text))?.agrees
    }
}
