// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The exchange's answer to an order that is submitted.
public indirect enum Acknowledgement: Sendable, Hashable {
    /// The order waits for the next open.
    case accepted
    /// The order is refused for good.
    case rejected(Rejection)
    /// The same order was submitted before, and this was the answer.
    case duplicate(Acknowledgement)

    /// The answer without regard to how often the order was submitted.
    public var original: Acknowledgement {
        if case .duplicate(let first) = self { first.original } else { self }
    }
}
