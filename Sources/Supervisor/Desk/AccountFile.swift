// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// What the account has come to, as agents that see the research view may read it, and people.
///
/// The gateway reckons it at each settlement from its ledger; how often each agent has been asked
/// is the number of its last turn. So all of it survives a restart.
public struct AccountFile {
    /// The name of the file in the research view.
    public static let name = "account.json"

    private let folder: Folder

    /// The file of a desk.
    public init(_ desk: DeskFolder) {
        folder = desk.market(.research)
    }

    /// What the file holds; nil before the first settlement.
    /// - Throws: A `FileError`, or a `JSONError` for a file that somebody else has changed.
    public func load() throws -> JSON? {
        try folder.readIfPresent(Self.name).map { try JSON(parsing: $0) }
    }

    /// Writes what the gateway says; nothing when it says nothing.
    /// - Parameters:
    ///   - figures: The figures of the gateway's answer.
    ///   - branches: The agents with their last turns.
    ///   - isLive: Whether somebody may be reading at the same moment.
    /// - Throws: A `FileError`.
    func write(
        _ figures: JSON?,
        _ branches: [AgentName: AgentBranch],
        isLive: Bool
    ) throws(FileError) {
        guard let figures else { return }
        let turns = branches.sorted { $0.key < $1.key }.map { name, branch in
            JSON.Member(name.description, .int(Int64(branch.record?.turn ?? 0)))
        }
        let file: JSON = ["account": figures, "invocations": .object(turns)]
        // A desk whose feed makes its bars has written nothing there yet.
        try folder.create()
        if isLive {
            try folder.replace(Self.name, with: file.prettyBytes, durable: false)
        } else {
            try folder.overwrite(Self.name, with: file.prettyBytes)
        }
    }
}
