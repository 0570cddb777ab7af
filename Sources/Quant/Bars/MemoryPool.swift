// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CKernels
import Glibc
import Synchronization

/// Pieces of memory for columns, of which a few large ones are kept for whoever asks next.
///
/// Memory that comes from the system is cleared first, which for many bars takes longer than the
/// columns do. What is kept holds whatever was written there before.
package final class MemoryPool: Sendable {
    /// The pool that columns share; it keeps at most 128 MiB.
    package static let shared = MemoryPool(limitBytes: 128 << 20)

    /// One piece that nobody uses.
    private struct Piece: @unchecked Sendable {
        let memory: UnsafeMutableRawPointer
        let byteCount: Int
    }

    private let limitBytes: Int
    /// The pieces that are kept, the one that came first in front.
    private let kept = Mutex<[Piece]>([])

    /// Smaller pieces are the business of the C library.
    private static let largePage = 2 << 20

    package init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    deinit {
        for piece in kept.withLock({ $0 }) { free(piece.memory) }
    }

    /// The bytes that are kept.
    package var keptBytes: Int { kept.withLock { $0.reduce(0) { $0 + $1.byteCount } } }

    /// Takes a piece of at least some bytes, which begins at a cache line, and says how many it
    /// has; nil when the system has none to give.
    package func take(_ bytes: Int) -> UnsafeMutableRawBufferPointer? {
        let isLarge = bytes >= Self.largePage
        let unit = isLarge ? Self.largePage : 64
        let (sum, overflow) = bytes.addingReportingOverflow(unit - 1)
        guard bytes >= 0, !overflow else { return nil }
        let size = max(unit, sum / unit * unit)
        if isLarge, let piece = keptPiece(size) {
            return UnsafeMutableRawBufferPointer(start: piece.memory, count: piece.byteCount)
        }
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, unit, size) == 0, let memory else { return nil }
        // Fewer, larger pages cost less to come by; without them all works the same.
        if isLarge { desk_prefer_large_pages(memory, size) }
        return UnsafeMutableRawBufferPointer(start: memory, count: size)
    }

    /// Gives back what was taken; other pieces make way for it, the oldest first.
    package func give(_ memory: UnsafeMutableRawBufferPointer) {
        guard let base = memory.baseAddress else { return }
        guard memory.count >= Self.largePage, memory.count <= limitBytes else {
            free(base)
            return
        }
        let surplus = kept.withLock { pieces in
            pieces.append(Piece(memory: base, byteCount: memory.count))
            var surplus: [Piece] = []
            while pieces.reduce(0, { $0 + $1.byteCount }) > limitBytes {
                surplus.append(pieces.removeFirst())
            }
            return surplus
        }
        for piece in surplus { free(piece.memory) }
    }

    /// The smallest piece that is large enough, unless half of it would lie idle.
    private func keptPiece(_ size: Int) -> Piece? {
        kept.withLock { pieces in
            let fitting = pieces.indices.filter {
                pieces[$0].byteCount >= size && pieces[$0].byteCount / 2 <= size
            }
            let best = fitting.min { pieces[$0].byteCount < pieces[$1].byteCount }
            return best.map { pieces.remove(at: $0) }
        }
    }
}
