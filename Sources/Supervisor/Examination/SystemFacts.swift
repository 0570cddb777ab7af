// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Processes

/// What an examination has to know of the computer; tests say what they like.
public struct SystemFacts: Sendable {
    /// The versions of the programs and libraries that a desk works with.
    public struct Versions: Sendable, Hashable {
        /// This program's.
        public var loopdesk: String
        /// That of the git command; nil when there is none.
        public var git: String?
        /// The library's.
        public var libgit2: String
        /// The library's.
        public var sqlite: String

        /// Creates a list of versions.
        public init(loopdesk: String, git: String?, libgit2: String, sqlite: String) {
            self.loopdesk = loopdesk
            self.git = git
            self.libgit2 = libgit2
            self.sqlite = sqlite
        }
    }

    /// The time of day.
    public var now: Instant
    /// The room on the desk's file system; nil when it cannot be told.
    public var space: FileSystemSpace?
    /// What the kernel offers.
    public var kernel: KernelFeatures
    /// The versions in use.
    public var versions: Versions
    /// The sandboxes that agents can have.
    public var sandbox: SandboxFacts

    /// Creates facts.
    public init(
        now: Instant,
        space: FileSystemSpace?,
        kernel: KernelFeatures,
        versions: Versions,
        sandbox: SandboxFacts = SandboxFacts()
    ) {
        self.sandbox = sandbox
        self.now = now
        self.space = space
        self.kernel = kernel
        self.versions = versions
    }
}
