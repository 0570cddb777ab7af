// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A lock file in a repository, which keeps others from changing what it stands for.
public struct RepositoryLock: Hashable, Sendable {
    /// Its path below the `.git` folder, such as `worktrees/risk/index.lock`.
    public let name: String
    /// Its full path.
    public let path: String
    /// Whether a desk made it; git and editors do not mark theirs.
    public let isOurs: Bool
    /// When it was last written, in seconds since 1970.
    public let seconds: Int
}

/// Git's claim to collect garbage, the file `gc.pid`.
public struct CollectionClaim: Hashable, Sendable {
    /// The process that made the claim.
    public let processID: Int32
    /// The computer on which it ran.
    public let host: String
    /// Whether a desk made it.
    public let isOurs: Bool
    /// Whether the process may still be at work; one on another computer may always be.
    public let isAlive: Bool
}
