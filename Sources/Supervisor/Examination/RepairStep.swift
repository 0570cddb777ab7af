// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A part of a repair, in the order in which they are done.
public enum RepairStep: Int, Sendable, CaseIterable, Comparable {
    /// Processes of a dead supervisor are ended.
    case processes
    /// Lock files and drafts of a dead desk are removed.
    case files
    /// The repository's settings are set.
    case settings
    /// Commits that were made and not published are published.
    case publication
    /// Worktrees are put back to their branches, after what they hold beyond them was saved.
    case worktrees
    /// A record of supervision that cannot be read is set aside.
    case supervision
    /// The spool of requests is swept.
    case requests
    /// Packs, references and logs are bounded.
    case maintenance

    /// Whether it may be done while a supervisor runs the desk.
    public var isSafeBesideDesk: Bool { self == .settings || self == .maintenance }

    /// The order of the steps.
    public static func < (left: RepairStep, right: RepairStep) -> Bool {
        left.rawValue < right.rawValue
    }
}
