// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Finds earlier versions of folders within one pack, to store later ones by what differs.
///
/// A turn changes one entry in each of a few folders, and a pack holds many turns. Most of a
/// folder is ids, which do not compress, so whole copies are what a desk would spend its time and
/// its disk on. A base is always in the same pack, before what needs it, so packs can be copied
/// into one another.
struct TreeDeltas {
    private struct Base {
        let id: ObjectID
        let content: [UInt8]
        /// How many deltas have to be followed to read it.
        let depth: Int
    }

    /// Versions of a folder begin alike; two folders that do are at worst a poor base.
    private static let keyBytes = 48
    /// Smaller folders are not worth it; larger ones would need longer instructions.
    private static let sizes = 200..<0x10000
    /// The most deltas that lead to a folder, as git's own limit.
    static let depthLimit = 50

    private var bases: [[UInt8]: Base] = [:]

    /// How a folder is stored by means of an earlier one; nil when it has to be stored whole.
    mutating func delta(
        of item: ObjectBatch.Item
    ) -> (base: ObjectID, bytes: [UInt8])? {
        guard item.kind == .tree, Self.sizes.contains(item.content.count) else { return nil }
        let key = Array(item.content.prefix(Self.keyBytes))
        let base = bases[key]
        var found: (base: ObjectID, bytes: [UInt8])?
        if let base, base.depth < Self.depthLimit {
            let bytes = Self.encode(item.content, from: base.content)
            if bytes.count < item.content.count / 2 { found = (base.id, bytes) }
        }
        let depth = found == nil ? 0 : (base?.depth ?? 0) + 1
        bases[key] = Base(id: item.id, content: item.content, depth: depth)
        return found
    }

    /// Git's instructions that make one content out of another: what both begin with, what is new,
    /// what both end with.
    static func encode(_ content: [UInt8], from base: [UInt8]) -> [UInt8] {
        let shorter = min(content.count, base.count)
        var start = 0
        while start < shorter, content[start] == base[start] { start += 1 }
        var end = 0
        while end < shorter - start,
            content[content.count - 1 - end] == base[base.count - 1 - end]
        {
            end += 1
        }
        var bytes: [UInt8] = []
        appendSize(base.count, to: &bytes)
        appendSize(content.count, to: &bytes)
        appendCopy(from: 0, count: start, to: &bytes)
        var rest = content[start..<(content.count - end)]
        while !rest.isEmpty {
            let piece = rest.prefix(0x7F)
            bytes.append(UInt8(piece.count))
            bytes.append(contentsOf: piece)
            rest = rest.dropFirst(piece.count)
        }
        appendCopy(from: base.count - end, count: end, to: &bytes)
        return bytes
    }

    /// Seven bits at a time, lowest first.
    private static func appendSize(_ size: Int, to bytes: inout [UInt8]) {
        var rest = size
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Only bytes that are not zero are written; the first one tells which.
    private static func appendCopy(from offset: Int, count: Int, to bytes: inout [UInt8]) {
        guard count > 0 else { return }
        let place = bytes.count
        var command: UInt8 = 0x80
        bytes.append(command)
        let numbers = [offset & 0xFF, offset >> 8 & 0xFF, 0, 0, count & 0xFF, count >> 8 & 0xFF]
        for (position, number) in numbers.enumerated() where number != 0 {
            command |= 1 << UInt8(position)
            bytes.append(UInt8(number))
        }
        bytes[place] = command
    }
}
