// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

extension ObjectStore {
    /// How many packs of one tier are merged into one of the next.
    package static let defaultFanIn = 50
    /// A merged pack holds at most so many bytes and objects, which bounds the memory that a merge
    /// takes: some sixty bytes an object.
    package static let mergeLimitBytes = 256 << 20
    package static let mergeLimitObjects = 400_000

    /// How many packs of one tier may wait until whoever publishes waits for their merge.
    package static let waitingLimit = 8 * defaultFanIn

    /// Packs of one tier that are to become one of the next.
    struct Merge: Sendable {
        let sources: [PackName]
        let tier: Int
    }

    /// What a merge asks of those who use packs.
    struct MergeTerms: Sendable {
        /// Whether the files of the sources are kept to be written again.
        var keepsSpares = false
        /// Removes the sources while nobody of this process reads them.
        var whileNobodyReads: @Sendable (() throws(GitError) -> Void) throws(GitError) -> Void = {
            body throws(GitError) in try body()
        }
        /// Asked now and then; a merge that is not to go on leaves its sources as they are.
        var goesOn: @Sendable () -> Bool = { true }
    }

    /// Merges packs until no tier has enough of them, or until it is not to go on.
    func consolidateIfNeeded(
        fanIn: Int = defaultFanIn,
        on terms: MergeTerms = MergeTerms()
    ) throws(GitError) -> Int {
        var merged = 0
        while let count = try mergeOnce(fanIn: fanIn, on: terms), count > 0 { merged += count }
        return merged
    }

    /// Merges the packs of one tier into one of the next, when enough have gathered.
    ///
    /// Only packs of this desk are touched. The compressed bytes are copied after their check sums
    /// have been compared. The merged pack is on the disk before the first old one is removed, so
    /// a kill or a power cut leaves at worst some objects stored twice. Writers do not wait while
    /// bytes are copied.
    ///
    /// - Returns: How many were merged; nil when it is not yet time.
    func mergeOnce(
        fanIn: Int = defaultFanIn,
        on terms: MergeTerms = MergeTerms()
    ) throws(GitError) -> Int? {
        try merging.withLock { (_) throws(GitError) -> Int? in
            guard let next = try nextMerge(fanIn: fanIn) else { return nil }
            return try perform(next, on: terms) ? next.sources.count : 0
        }
    }

    /// The merge that is due; nil when it is not yet time for any.
    func nextMerge(fanIn: Int = defaultFanIn) throws(GitError) -> Merge? {
        try state.withLock { (state) throws(GitError) -> Merge? in
            for tier in 0..<PackName.lastTier {
                if let sources = try due(tier: tier, fanIn: fanIn, &state) {
                    return Merge(sources: sources, tier: tier + 1)
                }
            }
            return nil
        }
    }

    /// Removes the files that were kept to be written again.
    func dropSpares() {
        for path in state.withLock({ $0.spares.removeAll() }) { _ = unsafe unlink(path) }
    }

    /// The number of packs that this desk has written and not yet merged away.
    package func packCount() throws(GitError) -> Int {
        try state.withLock { (state) throws(GitError) -> Int in try known(&state).count }
    }

    /// The number of packs in the tier that has the most.
    func mostInOneTier() throws(GitError) -> Int {
        try state.withLock { (state) throws(GitError) -> Int in
            var counts = [Int](repeating: 0, count: PackName.lastTier + 1)
            for name in try known(&state) { counts[name.tier] += 1 }
            return counts.max() ?? 0
        }
    }

    /// Removes drafts of processes that have died, beside others that may be writing theirs.
    func sweepDraftsOfDead() throws(GitError) -> [String] {
        let operation = "sweep stale files"
        var removed: [String] = []
        for name in try Files.names(in: folder, operation) {
            guard let prefix = Self.draftPrefixes.first(where: { name.hasPrefix($0) }),
                let process = name.dropFirst(prefix.count).split(separator: "_").first
                    .flatMap({ pid_t($0) }),
                process > 0, !ProcessLife.isAlive(process)
            else { continue }
            if try Files.remove(Path.join(folder, name), operation) { removed.append(name) }
        }
        return removed
    }

    /// Removes what a killed process left: drafts, and packs of this desk without an index.
    func sweep() throws(GitError) -> [String] {
        let operation = "sweep stale files"
        var removed: [String] = []
        let names = try Files.names(in: folder, operation)
        for name in names where Self.draftPrefixes.contains(where: { name.hasPrefix($0) }) {
            if try Files.remove(Path.join(folder, name), operation) { removed.append(name) }
        }
        removed += try sweepKeeps(names)
        try sweepSpares()
        let present = Set(names)
        for name in names where name.hasSuffix(".pack") {
            let stem = String(name.dropLast(5))
            guard !present.contains(stem + ".idx"), try recognise(stem) != nil else { continue }
            if try Files.remove(Path.join(folder, name), operation) { removed.append(name) }
        }
        return removed
    }

    /// Removes what earlier processes kept to be written again.
    private func sweepSpares() throws(GitError) {
        state.withLock { _ = $0.spares.removeAll() }
        for name in try Files.names(in: spareFolder, "sweep stale files") {
            try Files.remove(Path.join(spareFolder, name), "sweep stale files")
        }
    }

    /// Outside of where git looks for packs, on the same disk.
    var spareFolder: String {
        Path.join(Path.parent(of: Path.parent(of: folder)), "loopdesk/packs")
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
        var count = 0
        for name in names.sorted(by: { $0.stem < $1.stem }) {
            // A pack that git has merged away meanwhile.
            guard let pack = try Files.status(path(name, "pack"), "merge packs"),
                let index = try Files.status(path(name, "idx"), "merge packs")
            else {
                state.packs?.remove(name)
                continue
            }
            // One that somebody wants to keep as it is, or that is being published.
            guard try !Files.exists(path(name, "keep"), "merge packs") else { continue }
            let bytes = Int(pack.st_size)
            let objects = PackIndex.count(ofFile: Int(index.st_size))
            guard size + bytes < Self.mergeLimitBytes, count + objects <= Self.mergeLimitObjects
            else { continue }
            size += bytes
            count += objects
            chosen.append(name)
            if chosen.count == fanIn { break }
        }
        // Large packs are merged in smaller groups, but never so few that the copying adds up.
        return chosen.count >= max(2, fanIn / 5) ? chosen : nil
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
