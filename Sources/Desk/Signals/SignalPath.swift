// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Where a turn's files stand in the repository: a hundred turns to a folder.
public struct SignalPath: Sendable, Hashable {
    /// The agent that said it.
    public let agent: AgentName
    /// The turn in which it was said.
    public let turn: Int
    /// The place among the turn's files, from 1.
    public let index: Int

    /// Names a file of a turn.
    public init(agent: AgentName, turn: Int, index: Int) {
        self.agent = agent
        self.turn = turn
        self.index = index
    }

    /// The path of a signal, such as `agents/researcher/signals/0000/12/001234-1-proposal.json`.
    public func signal(_ topic: Topic) -> String {
        "\(agent.folder)/signals/\(folders)/\(number)-\(index)-\(topic.rawValue).json"
    }

    /// The path of a note, in the same folders under `notes`.
    public var note: String { "\(agent.folder)/notes/\(folders)/\(number)-\(index).md" }

    /// The path at which an inbox that could not be worked on is kept.
    public var deadLetter: String { "\(agent.folder)/deadletters/\(folders)/\(number).json" }

    /// The path at which a turn's requests and their answers are kept.
    public var tape: String { "\(agent.folder)/tape/\(folders)/\(number).json" }

    /// The path at which a request from outside is kept that started the turn.
    public func request(_ kind: String) -> String {
        "\(agent.folder)/requests/\(folders)/\(number)-\(index)-\(kind).json"
    }

    private var folders: String { "\(zeros(turn / 10_000, 4))/\(zeros(turn / 100 % 100, 2))" }
    private var number: String { zeros(turn, 6) }

    private func zeros(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
