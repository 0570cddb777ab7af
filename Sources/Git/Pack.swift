// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A pack in memory: objects one after another, each compressed on its own; of most folders what
/// differs from an earlier version.
struct Pack: Sendable {
    let bytes: [UInt8]
    let index: PackIndex

    /// Encodes the objects of a batch, in their order.
    init(_ batch: ObjectBatch, with deflater: inout Deflater) throws(GitError) {
        var bytes = Self.header(count: batch.count)
        var entries: [PackIndex.Entry] = []
        var deltas = TreeDeltas()
        for item in batch.items {
            let start = bytes.count
            if let delta = deltas.delta(of: item) {
                Self.appendHeader(Self.deltaKind, size: delta.bytes.count, to: &bytes)
                delta.base.append(to: &bytes)
                try deflater.deflate(delta.bytes, onto: &bytes)
            } else {
                Self.appendHeader(item.kind.rawValue, size: item.content.count, to: &bytes)
                if item.kind == .tree {
                    // Most of a folder is names of objects, which do not compress.
                    Deflater.store(item.content, onto: &bytes)
                } else {
                    try deflater.deflate(item.content, onto: &bytes)
                }
            }
            guard bytes.count < PackIndex.packLimitBytes else {
                let reason = "one batch holds more than \(PackIndex.packLimitBytes) bytes"
                throw GitError(.tooLarge, "write objects", reason)
            }
            let checksum = Deflater.checksum(of: bytes[start...])
            entries.append(.init(id: item.id, checksum: checksum, offset: UInt32(start)))
        }
        let checksum = bytes.sha1
        self.bytes = bytes + checksum
        index = PackIndex(entries: entries, packChecksum: checksum)
    }

    /// A delta that names its base by id, which holds wherever it is copied to.
    private static let deltaKind: UInt8 = 7

    static func header(count: Int) -> [UInt8] {
        var bytes = Array("PACK".utf8)
        bytes.appendBigEndian(UInt32(2))
        bytes.appendBigEndian(UInt32(count))
        return bytes
    }

    /// The kind and the size before compression, seven bits at a time, lowest first.
    private static func appendHeader(_ kind: UInt8, size: Int, to bytes: inout [UInt8]) {
        var rest = size >> 4
        var byte = kind << 4 | UInt8(size & 15)
        while rest > 0 {
            bytes.append(byte | 0x80)
            byte = UInt8(rest & 0x7F)
            rest >>= 7
        }
        bytes.append(byte)
    }
}
