// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Git

/// A branch that is not where the desk left it.
struct ForeignMove: Hashable {
    /// What somebody did to the branch.
    enum Kind: Hashable {
        /// Commits were added after the desk's last one.
        case advanced
        /// It was reset, rebased, amended or moved to something else.
        case rewritten
        /// It is gone.
        case deleted
    }

    /// The full name of the reference.
    let reference: String
    /// Where the desk left it; nil when the desk was about to make it.
    let expected: ObjectID?
    /// Where it is now; nil when it is gone.
    let actual: ObjectID?
    let kind: Kind

    /// Compares where a reference should be with where it is.
    /// - Returns: Nil when nobody moved it.
    init?(
        _ reference: String,
        expected: ObjectID?,
        actual: ObjectID?,
        in repository: Repository
    ) throws {
        guard expected != actual else { return nil }
        self.reference = reference
        self.expected = expected
        self.actual = actual
        guard let actual else {
            kind = .deleted
            return
        }
        guard let expected else {
            kind = .rewritten
            return
        }
        // A base that was pruned after a reset cannot be an ancestor of anything.
        let isKept = try !repository.isGone(expected)
        let base = isKept ? try repository.mergeBase(expected, actual) : nil
        kind = base == expected ? .advanced : .rewritten
    }
}
