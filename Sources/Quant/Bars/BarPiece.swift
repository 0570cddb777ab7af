// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Consecutive rows of one symbol, each of which is good when the one before it is accepted; or a
/// fault.
///
/// Pieces are found without knowing what came before them, by any number of threads. Whoever puts
/// them together looks at the first row of each, and on until one is accepted.
struct BarPiece {
    /// The symbol's place in the chunk's list, or -1 for a fault.
    let slot: Int
    /// The first row, or the fault's place in the chunk's list.
    let start: Int
    /// The number of rows.
    var count: Int
    /// The line of the first row.
    let line: Int
}
