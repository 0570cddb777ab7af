// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a strategy decides at the close of each bar of one symbol.
struct Decisions: Sendable {
    let enter: [Bool]
    let exit: [Bool]
    /// Whether the idea has failed; nil for a strategy without such a condition.
    let invalidation: [Bool]?
    /// The distance of the stop from the entry price; nil for a share or none.
    let stop: [Double]?
    /// The distance of the target from the entry price; nil for a share or none.
    let target: [Double]?
}
