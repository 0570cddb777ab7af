// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What one maintenance did.
public struct MaintenanceReport: Hashable, Sendable {
    /// The settings of the repository that were changed, such as `gc.auto`.
    public var settings: [String] = []
    /// How many packs were merged into larger ones.
    public var mergedPacks = 0
    /// How many references were moved from files of their own into `packed-refs`.
    public var packedReferences = 0
    /// The references whose logs were cut to their newest lines.
    public var trimmedLogs: [String] = []
    /// How many rescue refs were gathered into archives.
    public var archivedRescues = 0
    /// What dead processes had left and was removed.
    public var removedFiles: [String] = []
    /// True when another maintenance was at work, so that this one did nothing.
    public var isElsewhere = false
    /// True when nothing remains to be done.
    public var isComplete = true

    /// A report of nothing.
    public init() {}
}
