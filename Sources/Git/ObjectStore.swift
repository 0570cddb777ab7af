// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The fast writer of objects: each batch becomes one pack with its index.
///
/// Nothing of a pack is visible until it is complete: both files are written under names that git's
/// own clean-up recognises, the pack is renamed first and the index last, and without an index a
/// pack does not exist for git. A kill at any moment leaves at most files that
/// `Repository.sweepStaleFiles()` removes.
public final class ObjectStore: Sendable {
    struct State: ~Copyable {
        var deflater: Deflater?
        /// The packs of this desk; nil until the folder has been looked at.
        var packs: Set<PackName>?
        var draftCount = 0
        /// Files of packs that were merged away, to be written again.
        var spares = SpareFiles()
    }

    static let draftPrefixes = ["tmp_pack_loopdesk_", "tmp_idx_loopdesk_"]

    let folder: String
    let state = Mutex(State())
    /// Held while packs are merged; writers do not need it.
    let merging = Mutex(())

    init(folder: String) { self.folder = folder }

    /// Stores all objects of a batch; they can be read by anyone when this returns.
    ///
    /// - Parameters:
    ///   - batch: The objects. An empty batch stores nothing.
    ///   - isDurable: Whether to wait until everything is on the disk, so that a power cut after
    ///     the return loses nothing.
    /// - Throws: `.io` when the disk refuses, `.tooLarge` beyond 1 GiB.
    public func write(_ batch: ObjectBatch, isDurable: Bool) throws(GitError) {
        _ = try store(batch, isDurable: isDurable, isKept: false)
    }

    /// Stores a batch, and keeps git from removing its pack until it is released.
    ///
    /// A `git repack` that looked at the references before they stand for these objects would take
    /// them for garbage.
    func writeKept(_ batch: ObjectBatch, isDurable: Bool) throws(GitError) -> PackName? {
        try store(batch, isDurable: isDurable, isKept: true)
    }

    private func store(
        _ batch: ObjectBatch,
        isDurable: Bool,
        isKept: Bool
    ) throws(GitError) -> PackName? {
        guard !batch.isEmpty else { return nil }
        return try state.withLock { (state) throws(GitError) -> PackName? in
            if state.deflater == nil { state.deflater = try Deflater() }
            guard var deflater = state.deflater.take() else { return nil }
            let pack: Pack
            do throws(GitError) {
                pack = try Pack(batch, with: &deflater)
            } catch {
                state.deflater = consume deflater
                throw error
            }
            state.deflater = consume deflater
            let draft = nextDraft(&state)
            let operation = "write objects"
            let name = PackName(tier: 0, packChecksum: pack.index.packChecksum)
            do throws(GitError) {
                try state.spares.write(pack.bytes, to: draft.pack, operation)
                try state.spares.write(pack.index.encoded(), to: draft.index, operation)
                if isDurable { try Files.flushContents([draft.pack, draft.index], operation) }
                // Before the index is there: from then on git can see the pack.
                if isKept { try keep(name) }
                try place(draft, as: name, &state)
                if isDurable { try Files.flushFolder(folder, operation) }
            } catch {
                if isKept { release(name) }
                discard(draft)
                throw error
            }
            return name
        }
    }

    struct Draft {
        let pack: String
        let index: String
    }

    func nextDraft(_ state: inout State) -> Draft {
        state.draftCount += 1
        let suffix = "\(getpid())_\(state.draftCount)"
        return Draft(
            pack: Path.join(folder, Self.draftPrefixes[0] + suffix),
            index: Path.join(folder, Self.draftPrefixes[1] + suffix)
        )
    }

    /// Gives both files of a draft their names.
    func place(_ draft: Draft, as name: PackName, _ state: inout State) throws(GitError) {
        let operation = "write objects"
        try Files.move(draft.pack, to: path(name, "pack"), operation)
        try Files.move(draft.index, to: path(name, "idx"), operation)
        state.packs?.insert(name)
    }

    /// Removes what there is of a draft; the error that led to it is the one to report.
    func discard(_ draft: Draft) {
        // What is left is swept at the next start.
        _ = try? Files.remove(draft.pack, "write objects")
        // As above.
        _ = try? Files.remove(draft.index, "write objects")
    }

    func path(_ name: PackName, _ suffix: String) -> String {
        Path.join(folder, "\(name.stem).\(suffix)")
    }
}
