// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2
import Synchronization

extension Repository {
    /// Merges small packs into larger ones when enough have gathered, and waits for it.
    ///
    /// - Returns: How many packs were merged away; zero when it was not yet time.
    @discardableResult
    public func consolidateIfNeeded() throws(GitError) -> Int {
        try objects.consolidateIfNeeded(on: mergeTerms())
    }

    /// Starts to merge small packs when enough have gathered, on a thread of its own.
    ///
    /// To be called after each publication. Only when packs gather far faster than they are merged
    /// does it wait. Whoever calls it calls ``finishMerging()`` or ``stopMerging()`` at the end.
    /// - Returns: How many packs the last merge has put away, if it has ended since the last call.
    /// - Throws: What the last merge failed with.
    @discardableResult
    public func mergePacksBeside() throws(GitError) -> Int {
        var merged = try merger.collect()
        guard !merger.isRunning else {
            guard try objects.mostInOneTier() >= ObjectStore.waitingLimit else { return merged }
            merged += try merger.wait()
            return merged
        }
        guard try objects.nextMerge() != nil else { return merged }
        merger.start { goesOn in
            do throws(GitError) {
                let terms = self.mergeTerms(keepsSpares: true, while: goesOn)
                return .success(try self.objects.consolidateIfNeeded(on: terms))
            } catch {
                return .failure(error)
            }
        }
        return merged
    }

    /// True while packs are merged on another thread of this process.
    public var isMergingPacks: Bool { merger.isRunning }

    /// Waits for the merge that ``mergePacksBeside()`` has started.
    ///
    /// - Throws: What the merge failed with.
    public func finishMerging() throws(GitError) {
        defer { objects.dropSpares() }
        _ = try merger.wait()
    }

    /// Ends the merge that ``mergePacksBeside()`` has started; the next one does its work.
    public func stopMerging() throws(GitError) {
        defer { objects.dropSpares() }
        try merger.stop()
    }

    /// Forgets what libgit2 has cached, by opening the repository anew.
    ///
    /// libgit2 keeps a record of every pack it has ever seen, so a process that adds and merges
    /// packs for days has to let go of the old ones.
    public func releaseCaches() throws(GitError) {
        try withoutReaders { () throws(GitError) in }
    }

    /// How maintenance merges packs: at once, and leaving nothing.
    func mergeTerms(
        keepsSpares: Bool = false,
        while goesOn: @escaping @Sendable () -> Bool = { true }
    ) -> ObjectStore.MergeTerms {
        ObjectStore.MergeTerms(
            keepsSpares: keepsSpares,
            whileNobodyReads: { body throws(GitError) in try self.withoutReaders(body) },
            goesOn: goesOn
        )
    }
}
