// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Glibc
import Synchronization

extension ObjectStore {
    /// How many bytes of a pack are held at a time while it is copied; one object may be more.
    private static var copiedBytes: Int { 4 << 20 }

    private static var operation: String { "merge packs" }

    private struct Source {
        let name: PackName
        let index: PackIndex
    }

    /// Copies some packs into one of a tier and removes them.
    func merge(_ names: [PackName], into tier: Int) throws(GitError) {
        var sources: [Source] = []
        for name in names {
            let file = path(name, "idx")
            guard let bytes = try Files.load(file, Self.operation) else {
                // Git or another maintenance has merged it away.
                state.withLock { _ = $0.packs?.remove(name) }
                continue
            }
            guard let index = PackIndex(bytes: bytes) else {
                throw GitError.corrupt(Self.operation, at: file, "not a valid pack index")
            }
            sources.append(Source(name: name, index: index))
        }
        guard !sources.isEmpty else { return }
        let draft = state.withLock { nextDraft(&$0) }
        do throws(GitError) {
            let index = try copy(sources, to: draft.pack)
            try state.withLock { (state) throws(GitError) in
                try publish(draft, index, tier: tier, isDurable: true, &state)
            }
        } catch {
            // The sources are untouched; what is left of the draft is swept at the next start.
            _ = try? Files.remove(draft.pack, Self.operation)
            guard error.code == .notFound else { throw error }
            return
        }
        for source in sources {
            // Without its index a pack no longer counts, so the index goes first.
            try Files.remove(path(source.name, "idx"), Self.operation)
            try Files.remove(path(source.name, "pack"), Self.operation)
            state.withLock { _ = $0.packs?.remove(source.name) }
        }
    }

    /// Copies every object once; the memory needed does not depend on the size of the packs.
    private func copy(_ sources: [Source], to draft: String) throws(GitError) -> PackIndex {
        var owners: [(id: ObjectID, source: UInt32)] = []
        for (position, source) in sources.enumerated() {
            for entry in source.index.entries { owners.append((entry.id, UInt32(position))) }
        }
        owners.sort { ($0.id, $0.source) < ($1.id, $1.source) }
        // Of an object that several hold, the first one is copied.
        var doubled: Set<ObjectID> = []
        var count = 0
        for position in owners.indices {
            if position > 0, owners[position].id == owners[position - 1].id {
                doubled.insert(owners[position].id)
            } else {
                count += 1
            }
        }
        owners = []
        var output = try PackOutput(draft, count: count, Self.operation)
        var seen: Set<ObjectID> = []
        for source in sources {
            try copy(source, to: &output) { id in
                !doubled.contains(id) || seen.insert(id).inserted
            }
        }
        return try output.finish()
    }

    private func copy(
        _ source: Source,
        to output: inout PackOutput,
        _ isWanted: (ObjectID) -> Bool
    ) throws(GitError) {
        let place = path(source.name, "pack")
        let number = unsafe open(place, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw GitError.system(Self.operation, at: place) }
        let file = Descriptor(number)
        let end = Int(try file.status(Self.operation, at: place).st_size) - 20
        guard end >= 12 else {
            throw GitError.corrupt(Self.operation, at: place, "the pack is cut short")
        }
        let ordered = source.index.entries.sorted { $0.offset < $1.offset }
        var first = 0
        while first < ordered.count {
            // As many objects as fit, at least one.
            let start = Int(ordered[first].offset)
            var last = first
            func limit(_ position: Int) -> Int {
                position + 1 < ordered.count ? Int(ordered[position + 1].offset) : end
            }
            while last + 1 < ordered.count, limit(last + 1) - start <= Self.copiedBytes {
                last += 1
            }
            let bytes = try file.read(from: start, count: limit(last) - start, at: place)
            for position in first...last {
                let entry = ordered[position]
                let range = (Int(entry.offset) - start)..<(limit(position) - start)
                guard entry.offset >= 12, !range.isEmpty, range.upperBound <= bytes.count,
                    Deflater.checksum(of: bytes[range]) == entry.checksum
                else {
                    throw GitError.corrupt(Self.operation, at: place, "\(entry.id) is damaged")
                }
                if isWanted(entry.id) { try output.append(entry, bytes[range]) }
            }
            first = last + 1
        }
        let checksum = try file.read(from: end, count: 20, at: place)
        guard checksum == source.index.packChecksum else {
            throw GitError.corrupt(Self.operation, at: place, "the pack and its index differ")
        }
    }
}

/// A pack that is written piece by piece.
private struct PackOutput: ~Copyable {
    private static let pieceBytes = 1 << 20

    private let path: String
    private let operation: String
    private let file: Descriptor
    private var hasher = Insecure.SHA1()
    private var piece: [UInt8]
    private var written = 0
    private var entries: [PackIndex.Entry] = []

    init(_ path: String, count: Int, _ operation: String) throws(GitError) {
        let number = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
        guard number >= 0 else { throw GitError.system(operation, at: path) }
        self.path = path
        self.operation = operation
        file = Descriptor(number)
        piece = Pack.header(count: count)
        entries.reserveCapacity(count)
    }

    mutating func append(
        _ entry: PackIndex.Entry,
        _ bytes: ArraySlice<UInt8>
    ) throws(GitError) {
        let offset = UInt32(written + piece.count)
        entries.append(.init(id: entry.id, checksum: entry.checksum, offset: offset))
        piece.append(contentsOf: bytes)
        if piece.count >= Self.pieceBytes { try flush() }
    }

    mutating func finish() throws(GitError) -> PackIndex {
        try flush()
        let checksum = Array(hasher.finalize())
        try file.write(checksum, operation, at: path)
        try file.flushContent(operation, at: path)
        return PackIndex(entries: entries, packChecksum: checksum)
    }

    private mutating func flush() throws(GitError) {
        hasher.absorb(piece)
        try file.write(piece, operation, at: path)
        written += piece.count
        piece.removeAll(keepingCapacity: true)
    }
}

extension Descriptor {
    /// Reads exactly so many bytes from a place, or fails as damaged.
    fileprivate func read(
        from offset: Int,
        count: Int,
        at path: String
    ) throws(GitError) -> [UInt8] {
        guard count > 0 else {
            throw GitError.corrupt("merge packs", at: path, "its index is damaged")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = unsafe bytes.withUnsafeMutableBytes { space in
                guard let base = space.baseAddress else { return 0 }
                return unsafe pread(number, base + done, count - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw GitError.system("merge packs", at: path) }
            guard got > 0 else {
                throw GitError.corrupt("merge packs", at: path, "the pack is cut short")
            }
            done += got
        }
        return bytes
    }
}
