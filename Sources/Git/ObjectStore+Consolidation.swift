// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Glibc
import Synchronization

extension ObjectStore {
    /// How many packs of one tier are merged into one of the next.
    package static let defaultFanIn = 50

    /// Merges packs when enough of one tier have gathered, and keeps doing so tier by tier.
    ///
    /// Only packs of this desk are touched. The compressed bytes are copied after their check sums
    /// have been compared. The merged pack is on the disk before the first old one is removed, so
    /// a kill or a power cut leaves at worst some objects stored twice.
    func consolidateIfNeeded(fanIn: Int = defaultFanIn) throws(GitError) -> Int {
        try state.withLock { (state) throws(GitError) -> Int in
            var merged = 0
            for tier in 0..<PackName.lastTier {
                while let names = try due(tier: tier, fanIn: fanIn, &state) {
                    try merge(names, into: tier + 1, &state)
                    merged += names.count
                }
            }
            return merged
        }
    }

    /// The number of packs that this desk has written and not yet merged away.
    package func packCount() throws(GitError) -> Int {
        try state.withLock { (state) throws(GitError) -> Int in try known(&state).count }
    }

    /// Removes what a killed process left: drafts, and packs of this desk without an index.
    func sweep() throws(GitError) -> [String] {
        let operation = "sweep stale files"
        var removed: [String] = []
        let names = try Files.names(in: folder, operation)
        for name in names where Self.draftPrefixes.contains(where: { name.hasPrefix($0) }) {
            if try Files.remove(Path.join(folder, name), operation) { removed.append(name) }
        }
        let present = Set(names)
        for name in names where name.hasSuffix(".pack") {
            let stem = String(name.dropLast(5))
            guard !present.contains(stem + ".idx"), try recognise(stem) != nil else { continue }
            if try Files.remove(Path.join(folder, name), operation) { removed.append(name) }
        }
        return removed
    }

    private func due(
        tier: Int,
        fanIn: Int,
        _ state: inout State
    ) throws(GitError) -> [PackName]? {
        let names = try known(&state).filter { $0.tier == tier }
        guard names.count >= fanIn else { return nil }
        var chosen: [PackName] = []
        var size = 0
        for name in names.sorted(by: { $0.stem < $1.stem }) {
            // A pack that git has merged away meanwhile.
            guard let status = try Files.status(path(name, "pack"), "merge packs") else {
                state.packs?.remove(name)
                continue
            }
            guard size + Int(status.st_size) < PackIndex.packLimitBytes else { continue }
            size += Int(status.st_size)
            chosen.append(name)
            if chosen.count == fanIn { return chosen }
        }
        return nil
    }

    private func known(_ state: inout State) throws(GitError) -> Set<PackName> {
        if let packs = state.packs { return packs }
        var packs: Set<PackName> = []
        for name in try Files.names(in: folder, "list packs") where name.hasSuffix(".idx") {
            if let found = try recognise(String(name.dropLast(4))) { packs.insert(found) }
        }
        state.packs = packs
        return packs
    }

    private func recognise(_ stem: String) throws(GitError) -> PackName? {
        let file = Path.join(folder, stem + ".pack")
        let number = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let descriptor = Descriptor(number)
        guard lseek(number, -20, SEEK_END) >= 0 else { return nil }
        var checksum = [UInt8](repeating: 0, count: 20)
        let count = unsafe checksum.withUnsafeMutableBytes { space in
            unsafe read(descriptor.number, space.baseAddress, space.count)
        }
        return count == 20 ? PackName(stem: stem, packChecksum: checksum) : nil
    }
}

extension ObjectStore {
    private struct Source {
        let name: PackName
        let index: PackIndex
    }

    private func merge(
        _ names: [PackName],
        into tier: Int,
        _ state: inout State
    ) throws(GitError) {
        var sources: [Source] = []
        var ids: Set<ObjectID> = []
        for name in names {
            let file = path(name, "idx")
            guard let bytes = try Files.load(file, Self.merging),
                let index = PackIndex(bytes: bytes)
            else { throw GitError.corrupt(Self.merging, at: file, "not a valid pack index") }
            sources.append(Source(name: name, index: index))
            for entry in index.entries { ids.insert(entry.id) }
        }
        let draft = nextDraft(&state)
        let index: PackIndex
        do {
            index = try copy(sources, count: ids.count, to: draft.pack)
        } catch {
            // The sources are untouched; what is left of the draft is swept at the next start.
            _ = try? Files.remove(draft.pack, Self.merging)
            throw error
        }
        try publish(draft, index, tier: tier, isDurable: true, &state)
        for name in names {
            // Without its index a pack no longer counts, so the index goes first.
            try Files.remove(path(name, "idx"), Self.merging)
            try Files.remove(path(name, "pack"), Self.merging)
            state.packs?.remove(name)
        }
    }

    private static var merging: String { "merge packs" }

    /// Copies every object once, holding one source in memory at a time.
    private func copy(
        _ sources: [Source],
        count: Int,
        to draft: String
    ) throws(GitError) -> PackIndex {
        let number = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
        guard number >= 0 else { throw GitError.system(Self.merging, at: draft) }
        let file = Descriptor(number)
        var hasher = Insecure.SHA1()
        var offset = 0
        var entries: [PackIndex.Entry] = []
        var seen: Set<ObjectID> = []
        func emit(_ bytes: [UInt8]) throws(GitError) {
            hasher.absorb(bytes)
            try file.write(bytes, Self.merging, at: draft)
            offset += bytes.count
        }
        try emit(Pack.header(count: count))
        for source in sources {
            var chunk: [UInt8] = []
            for (entry, bytes) in try packed(source) where seen.insert(entry.id).inserted {
                let place = UInt32(offset + chunk.count)
                entries.append(.init(id: entry.id, checksum: entry.checksum, offset: place))
                chunk.append(contentsOf: bytes)
            }
            try emit(chunk)
        }
        let checksum = Array(hasher.finalize())
        try file.write(checksum, Self.merging, at: draft)
        try file.flushContent(Self.merging, at: draft)
        return PackIndex(entries: entries, packChecksum: checksum)
    }

    /// The packed bytes of each object of a pack, in the order of the file.
    private func packed(
        _ source: Source
    ) throws(GitError) -> [(PackIndex.Entry, ArraySlice<UInt8>)] {
        let file = path(source.name, "pack")
        guard let bytes = try Files.load(file, Self.merging), bytes.count >= 32,
            Array(bytes.suffix(20)) == source.index.packChecksum
        else { throw GitError.corrupt(Self.merging, at: file, "the pack and its index differ") }
        let ordered = source.index.entries.sorted { $0.offset < $1.offset }
        var result: [(PackIndex.Entry, ArraySlice<UInt8>)] = []
        for (position, entry) in ordered.enumerated() {
            let isLast = position + 1 == ordered.count
            let end = isLast ? bytes.count - 20 : Int(ordered[position + 1].offset)
            guard entry.offset >= 12, Int(entry.offset) < end, end <= bytes.count - 20,
                Deflater.checksum(of: bytes[Int(entry.offset)..<end]) == entry.checksum
            else { throw GitError.corrupt(Self.merging, at: file, "\(entry.id) is damaged") }
            result.append((entry, bytes[Int(entry.offset)..<end]))
        }
        return result
    }
}
