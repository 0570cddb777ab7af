// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What one part of a file held.
struct BarChunk: Sendable {
    var pieces: [BarPiece] = []
    var faults: [BarFault] = []
    var symbols: [Symbol] = []
}
