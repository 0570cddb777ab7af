// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Logging

/// The folder that a program takes for its user's own, outside of the agent's worktree.
///
/// It is empty when a turn begins and emptied when the turn is over, so that sessions, caches and
/// locks that a program leaves behind are gone, and no turn depends on one before it.
struct ProgramHome {
    private let agent: AgentName
    private let folder: Folder

    /// Names the home of an agent; nil for one whose process stays, which has none.
    init?(_ agent: AgentConfiguration, in desk: DeskFolder) {
        guard agent.isStartedEachTurn else { return nil }
        self.agent = agent.name
        folder = desk.home(agent.name)
    }

    /// Makes it if it is not there.
    func create() throws(FileError) { try folder.create() }

    /// Makes it, empty.
    func prepare() throws(FileError) {
        try create()
        try folder.removeContents()
    }

    /// Empties it; a disk that refuses is told of, and asked again when the next turn begins.
    func clear(_ logger: Logger) {
        do {
            try folder.removeContents()
        } catch  where error.code == .notFound {
            // There was never anything to keep.
        } catch {
            logger.warning(
                "could not empty the home of a program",
                metadata: ["agent": "\(agent)", "error": "\(error)"]
            )
        }
    }
}
