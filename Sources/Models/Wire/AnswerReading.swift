// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

package import Desk
import HTTP

/// Reads answers from bytes as they came, without a server; for studies of hostile ones.
package enum AnswerReading {
    /// Reads a stream of events that came in these pieces.
    package static func stream(
        _ pieces: [[UInt8]],
        of model: ModelConfiguration,
        limitBytes: Int
    ) throws(ModelError) -> ModelAnswer {
        var events = EventStream(limitBytes: limitBytes)
        var answer = model.wire.makeStream(limitBytes: limitBytes)
        for piece in pieces where !answer.isWhole {
            guard let whole = events.take(piece) else { throw AnswerSize.tooLarge(limitBytes) }
            for event in whole where !answer.isWhole {
                if let data = event.data { try answer.take(data) }
            }
        }
        return try answer.answer()
    }
}
