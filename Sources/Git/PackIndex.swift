// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The index of a pack, version 2: where each object is, sorted by id.
struct PackIndex: Sendable {
    /// One object of a pack.
    struct Entry: Sendable {
        let id: ObjectID
        /// The check sum of the packed bytes.
        let checksum: UInt32
        /// Where in the pack the packed bytes begin.
        let offset: UInt32
    }

    /// A pack never grows beyond this, so that four bytes always suffice for an offset.
    static let packLimitBytes = 1 << 30

    private static let magic: [UInt8] = [0xFF, 0x74, 0x4F, 0x63, 0, 0, 0, 2]
    private static let tableStart = 8 + 256 * 4

    /// Sorted by id.
    let entries: [Entry]
    /// The last twenty bytes of the pack.
    let packChecksum: [UInt8]

    init(entries: consuming [Entry], packChecksum: [UInt8]) {
        // In place: there may be hundreds of thousands.
        entries.sort { $0.id < $1.id }
        self.entries = entries
        self.packChecksum = packChecksum
    }

    /// Parses the bytes of an index file; nil when they are damaged.
    init?(bytes: [UInt8]) {
        guard bytes.count >= Self.tableStart + 40, Array(bytes.prefix(8)) == Self.magic else {
            return nil
        }
        let count = Int(bytes.bigEndian32(at: Self.tableStart - 4))
        guard bytes.count == Self.tableStart + count * 28 + 40,
            Array(bytes.dropLast(20)).sha1 == Array(bytes.suffix(20))
        else { return nil }
        let sums = Self.tableStart + count * 20
        let offsets = sums + count * 4
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for row in 0..<count {
            entries.append(
                Entry(
                    id: ObjectID(from: bytes, at: Self.tableStart + row * 20),
                    checksum: bytes.bigEndian32(at: sums + row * 4),
                    offset: bytes.bigEndian32(at: offsets + row * 4)
                )
            )
        }
        self.entries = entries
        packChecksum = Array(bytes[(bytes.count - 40)..<(bytes.count - 20)])
    }

    /// How many objects an index of a size lists.
    static func count(ofFile bytes: Int) -> Int { max(0, (bytes - tableStart - 40) / 28) }

    func encoded() -> [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(Self.tableStart + entries.count * 28 + 40)
        var counts = [UInt32](repeating: 0, count: 256)
        for entry in entries { counts[Int(entry.id.firstByte)] += 1 }
        var total: UInt32 = 0
        for count in counts {
            total += count
            bytes.appendBigEndian(total)
        }
        for entry in entries { entry.id.append(to: &bytes) }
        for entry in entries { bytes.appendBigEndian(entry.checksum) }
        for entry in entries { bytes.appendBigEndian(entry.offset) }
        bytes.append(contentsOf: packChecksum)
        bytes.append(contentsOf: bytes.sha1)
        return bytes
    }
}
