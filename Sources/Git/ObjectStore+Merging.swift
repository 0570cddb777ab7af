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

    /// Copies some packs into one of the next tier and retires them.
    ///
    /// - Returns: False when it was not to go on, or when somebody has merged a source away
    ///   meanwhile; the sources are as they were then.
    func perform(_ merge: Merge, on terms: MergeTerms) throws(GitError) -> Bool {
        let draft = state.withLock { nextDraft(&$0) }
        do throws(GitError) {
            guard let index = try copy(merge.sources, to: draft.pack, terms.goesOn) else {
                discard(draft)
                return false
            }
            try Files.create(draft.index, index.encoded(), mode: 0o444, Self.operation)
            try Files.flushContents([draft.pack, draft.index], Self.operation)
            let name = PackName(tier: merge.tier, packChecksum: index.packChecksum)
            try state.withLock { (state) throws(GitError) in try place(draft, as: name, &state) }
            try Files.flushFolder(folder, Self.operation)
        } catch {
            // The sources are untouched.
            discard(draft)
            guard error.code == .notFound else { throw error }
            return false
        }
        var spares: [String] = []
        try terms.whileNobodyReads { () throws(GitError) in
            spares = try retire(merge.sources, keeping: terms.keepsSpares)
        }
        // From here on no power cut brings the sources back.
        if !spares.isEmpty { try Files.flushFolder(folder, Self.operation) }
        state.withLock { $0.spares.add(spares) }
        return true
    }

    /// Takes packs away.
    ///
    /// - Returns: Their files, as far as these are kept.
    private func retire(
        _ sources: [PackName],
        keeping isKeeping: Bool
    ) throws(GitError) -> [String] {
        var room = isKeeping ? SpareFiles.limit - state.withLock { $0.spares.count } : 0
        if room > 0 { try Files.makeFolders(spareFolder, within: folder, Self.operation) }
        var spares: [String] = []
        for source in sources {
            // Without its index a pack no longer counts, so the index goes first.
            for suffix in ["idx", "pack"] {
                let file = path(source, suffix)
                guard room > 0 else {
                    try Files.remove(file, Self.operation)
                    continue
                }
                let name = "\(getpid())_\(source.stem).\(suffix)"
                if try SpareFiles.retire(file, into: spareFolder, as: name, Self.operation) {
                    spares.append(Path.join(spareFolder, name))
                    room -= 1
                }
            }
            state.withLock { _ = $0.packs?.remove(source) }
        }
        return spares
    }

    private func load(_ name: PackName) throws(GitError) -> Source {
        let file = path(name, "idx")
        guard let bytes = try Files.load(file, Self.operation) else {
            // Git or another maintenance has merged it away.
            state.withLock { _ = $0.packs?.remove(name) }
            throw GitError(.notFound, Self.operation, at: file, "it has been merged away")
        }
        guard let index = PackIndex(bytes: bytes) else {
            throw GitError.corrupt(Self.operation, at: file, "not a valid pack index")
        }
        return Source(name: name, index: index)
    }

    /// Copies every object once; the memory needed does not depend on the size of the packs.
    ///
    /// - Returns: Nil when it was not to go on.
    private func copy(
        _ sources: [PackName],
        to draft: String,
        _ goesOn: () -> Bool
    ) throws(GitError) -> PackIndex? {
        let (count, doubled) = try census(of: sources)
        var output = try PackOutput(draft, count: count, Self.operation)
        // Of an object that several hold, the first one is copied.
        var seen: Set<ObjectID> = []
        for name in sources {
            guard goesOn() else { return nil }
            try copy(try load(name), to: &output) { id in
                !doubled.contains(id) || seen.insert(id).inserted
            }
        }
        return try output.finish()
    }

    /// How many objects some packs hold, and which of them several hold.
    ///
    /// Indexes are loaded one after another, here and when objects are copied, so that only ids of
    /// all packs are in memory at a time.
    private func census(
        of sources: [PackName]
    ) throws(GitError) -> (count: Int, doubled: Set<ObjectID>) {
        var ids: [ObjectID] = []
        for name in sources { ids += try load(name).index.entries.map(\.id) }
        ids.sort()
        var doubled: Set<ObjectID> = []
        var count = 0
        for position in ids.indices {
            if position > 0, ids[position] == ids[position - 1] {
                doubled.insert(ids[position])
            } else {
                count += 1
            }
        }
        return (count, doubled)
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
