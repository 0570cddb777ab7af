// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Looks whether programs and libraries are young enough.
struct VersionCheck: ExaminationCheck {
    let facts: SystemFacts

    var name: String { "versions" }

    /// The oldest versions that a desk is known to work with.
    static let oldest = (git: [2, 25], libgit2: [1, 5], sqlite: [3, 37])

    func look() -> ExaminationResult {
        let versions = facts.versions
        var findings: [Finding] = []
        func compare(_ name: String, _ version: String, _ oldest: [Int]) {
            guard Self.isOlder(version, than: oldest) else { return }
            let wanted = oldest.map(String.init).joined(separator: ".")
            findings.append(
                Finding(
                    .versionOld,
                    at: name,
                    "version \(version) is older than \(wanted)",
                    remedy: "install \(name) \(wanted) or later"
                )
            )
        }
        if let git = versions.git {
            compare("git", git, Self.oldest.git)
        } else {
            findings.append(
                Finding(
                    .gitCommandMissing,
                    at: "git",
                    "there is no git command; the desk does without, its owner does not",
                    remedy: "install git"
                )
            )
        }
        compare("libgit2", versions.libgit2, Self.oldest.libgit2)
        compare("SQLite", versions.sqlite, Self.oldest.sqlite)
        let git = versions.git.map { "git \($0), " } ?? ""
        return ExaminationResult(
            findings,
            detail: "loopdesk \(versions.loopdesk), \(git)libgit2 \(versions.libgit2), SQLite"
                + " \(versions.sqlite)"
        )
    }

    /// Whether a version is older; one that cannot be read counts as young enough.
    static func isOlder(_ version: String, than oldest: [Int]) -> Bool {
        let numbers = version.split(separator: ".").prefix(oldest.count).map { Int($0) }
        guard !numbers.isEmpty, !numbers.contains(nil) else { return false }
        return numbers.compactMap { $0 }.lexicographicallyPrecedes(oldest)
    }
}
