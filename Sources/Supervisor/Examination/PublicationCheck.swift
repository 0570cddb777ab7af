// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Git

/// Looks whether a killed desk left commits that nobody can read yet.
struct PublicationCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "publication" }

    func look() throws -> ExaminationResult {
        // In a desk that runs, commits wait all the time, for a moment.
        guard !scene.isRunning else { return ExaminationResult() }
        let waiting = try scene.desk.repository.keptPublication()?.publisher.updates ?? []
        guard !waiting.isEmpty else { return ExaminationResult(detail: "nothing waits") }
        let names = waiting.map { Self.short($0.reference) }.sorted()
        return ExaminationResult([
            Finding(
                .publicationWaiting,
                at: ".git/loopdesk/journal",
                "commits for \(names.joined(separator: ", ")) were made and are not published yet",
                remedy: "start the desk, which publishes them"
            )
        ])
    }

    /// The name of a branch, and any other reference in full.
    private static func short(_ reference: String) -> Substring {
        let branches = "refs/heads/"
        return reference.dropFirst(reference.hasPrefix(branches) ? branches.count : 0)
    }
}
