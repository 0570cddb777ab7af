// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Repository {
    /// The reference in whose reflog a desk notes what it has published lately.
    public static let publishedReference = "refs/loopdesk/published"

    /// Notes commits where git's clean-up looks for what must be kept.
    ///
    /// The reflog of a branch goes with the branch. Without this one, whoever deletes a branch and
    /// prunes before the desk has seen it would take turns away that were acknowledged. It does not
    /// expire, and maintenance keeps it short.
    /// - Parameters:
    ///   - commits: The commits, which must be stored.
    ///   - signature: Who notes it.
    /// - Throws: `.io` when the disk refuses.
    public func notePublished(
        _ commits: [ObjectID],
        by signature: Signature
    ) throws(GitError) {
        guard let first = commits.first else { return }
        let operation = "note what was published"
        let name = Self.publishedReference
        if try !isStored(name) {
            // Git reads no reflog of a reference that is not there, and complains of one that
            // stands for nothing.
            if let stale = try reference(name) {
                _ = try references.delete(name, expecting: stale)
            }
            let update = RefUpdate(reference: name, to: first, expecting: nil)
            _ = try references.update([update], by: signature, isDurable: false)
        }
        let lines = commits.map { "\(ObjectID.zero) \($0) \(signature.line)\tpublished\n" }
        let file = references.path("logs/\(name)")
        try Files.makeFolders(Path.parent(of: file), within: commonFolder, operation)
        try Files.append(Array(lines.joined().utf8), to: file, operation)
    }

    private func isStored(_ name: String) throws(GitError) -> Bool {
        guard let commit = try reference(name) else { return false }
        return try contains(commit)
    }
}
