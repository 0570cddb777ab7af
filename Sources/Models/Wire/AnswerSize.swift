// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Counts what an answer in pieces has grown to.
struct AnswerSize {
    private let limitBytes: Int
    private var bytes = 0

    /// The most blocks of one answer.
    static let blockLimit = 1000

    init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// Adds a piece.
    mutating func add(_ piece: String) throws(ModelError) {
        bytes += piece.utf8.count
        guard bytes <= limitBytes else { throw Self.tooLarge(limitBytes) }
    }

    /// Adds a block.
    static func check(blocks count: Int) throws(ModelError) {
        guard count <= blockLimit else {
            throw ModelError(
                .tooLarge,
                "the answer has more than \(blockLimit) blocks",
                mayHaveCost: true
            )
        }
    }

    static func tooLarge(_ limitBytes: Int) -> ModelError {
        ModelError(
            .tooLarge,
            "the answer is larger than \(limitBytes) bytes; reply_limit allows more",
            mayHaveCost: true
        )
    }
}
