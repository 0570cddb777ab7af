// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Repository {
    /// The settings that keep git's own automatic clean-up out of a desk, which does its own.
    public static let deskSettings: [(key: String, value: String)] = [
        ("gc.auto", "0"), ("gc.autoDetach", "false"), ("gc.worktreePruneExpire", "never"),
        ("maintenance.auto", "false"), ("gc.refs/loopdesk/*.reflogExpire", "never"),
        ("gc.refs/loopdesk/*.reflogExpireUnreachable", "never"),
    ]

    /// Keeps packs, references and logs bounded, in steps of which each is short.
    ///
    /// Safe beside a running desk and beside git: everything is done under git's own lock files or
    /// in an order that git itself uses, and a second maintenance at the same time does nothing.
    ///
    /// - Parameters:
    ///   - signature: The author of archives of rescue refs.
    ///   - goesOn: Asked after each step whether there is time for another.
    /// - Returns: What was done, and whether anything remains.
    /// - Throws: `.locked` when another process holds a lock file for long; nothing is half done.
    public func maintain(
        by signature: Signature,
        while goesOn: () -> Bool = { true }
    ) throws(GitError) -> MaintenanceReport {
        let operation = "maintain the repository"
        var report = MaintenanceReport()
        let folder = Path.join(commonFolder, "loopdesk")
        try Files.makeFolders(folder, within: commonFolder, operation)
        guard let lock = try FileLock(trying: Path.join(folder, "maintenance.lock"), operation)
        else {
            report.isElsewhere = true
            report.isComplete = false
            return report
        }
        defer { lock.release() }
        report.settings = try prepareSettings()
        report.removedFiles = try objects.sweepDraftsOfDead()
        while let merged = try objects.mergeOnce(on: mergeTerms()), merged > 0 {
            report.mergedPacks += merged
            guard goesOn() else {
                report.isComplete = false
                return report
            }
        }
        report.archivedRescues = try archiveRescues(by: signature)
        report.packedReferences = try references.pack(below: ["refs/rescue/", "refs/heads/skills/"])
        let logs = ["heads/agents", "heads/skills", "rescue", "loopdesk"].map { "logs/refs/\($0)" }
        report.trimmedLogs = try references.trimLogs(below: logs)
        return report
    }

    /// Whether a desk was made or started in this repository, so that it has the settings of one.
    public func hasDeskSettings() throws(GitError) -> Bool {
        for (key, value) in Self.deskSettings where try configuration(key) != value { return false }
        return true
    }

    /// Turns git's automatic clean-up off in this repository's own settings.
    ///
    /// - Returns: The settings that were changed; empty when all were right.
    @discardableResult
    public func prepareSettings() throws(GitError) -> [String] {
        var missing: [(key: String, value: String)] = []
        for (key, value) in Self.deskSettings where try configuration(key) != value {
            missing.append((key, value))
        }
        guard !missing.isEmpty else { return [] }
        let operation = "change a setting"
        let file = Path.join(commonFolder, "config")
        let lock = file + ".lock"
        do {
            try Files.create(lock, [], mode: Files.ownMark | 0o666, operation)
        } catch {
            guard error.code == .exists else { throw error }
            throw GitError(.locked, operation, at: file, "\(lock) is held by another process")
        }
        defer { _ = unsafe unlink(lock) }
        // Of two values git takes the later one, so they are added at the end.
        var bytes = try Files.load(file, operation) ?? []
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
        for (key, value) in missing {
            let parts = key.split(separator: ".")
            let part = parts.count == 3 ? " \"\(parts[1])\"" : ""
            bytes += Array("[\(parts[0])\(part)]\n\t\(parts[parts.count - 1]) = \(value)\n".utf8)
        }
        try Files.replace(file, bytes, operation)
        return missing.map(\.key)
    }
}
