// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@testable import Agents

/// A supervisor that answers what a test tells it, and remembers what it was asked.
final class ScriptedPort: ModelPort {
    private var answers: [Result<ModelAnswer, RequestFailure>]
    private(set) var asked: [Conversation] = []
    private(set) var called: [String] = []
    var tools: [ConversationTool] = []
    var toolResult: Result<JSON, RequestFailure> = .success(["text": "fine", "error": false])

    init(_ answers: [Result<ModelAnswer, RequestFailure>]) {
        self.answers = answers
    }

    /// Answers with these words, one after the other.
    convenience init(words: [String]) {
        self.init(words.map { .success(Self.words($0)) })
    }

    static func words(_ text: String, stop: ModelStop = .finished) -> ModelAnswer {
        ModelAnswer([.text(text)], stop: stop, usage: nil)
    }

    static func use(_ name: String, _ input: JSON, id: String = "1") -> ModelAnswer {
        ModelAnswer([.toolUse(id: id, name: name, input: input)], stop: .toolUse, usage: nil)
    }

    func complete(_ conversation: Conversation) throws -> Result<ModelAnswer, RequestFailure> {
        // What is sent must be what a supervisor takes.
        asked.append(try Conversation(json: conversation.json))
        guard !answers.isEmpty else {
            return .failure(RequestFailure(code: "overBudget", reason: "nothing is left"))
        }
        return answers.removeFirst()
    }

    func connectorTools() throws -> [ConversationTool] { tools }

    func call(_ name: String, _ arguments: JSON) throws -> Result<JSON, RequestFailure> {
        called.append("\(name) \(arguments.compactText)")
        return toolResult
    }

    /// The words of the last turn that it was asked with.
    var lastWords: String {
        (asked.last?.turns.last?.parts ?? []).map { part in
            switch part {
            case .text(let text): text
            case .toolResult(_, let text, let isError): isError ? "error: \(text)" : text
            default: ""
            }
        }.joined(separator: "\n")
    }

    /// What a model-driven part works with.
    func settings(
        _ role: Role = .researcher,
        limit: Int = 5,
        worktree: Folder = Folder("."),
        hasConnectors: Bool = false
    ) throws -> ModelSettings {
        ModelSettings(
            port: self,
            prompt: AgentPrompt(agent: try #require(AgentName("plain")), role: role),
            worktree: worktree,
            hasConnectors: hasConnectors,
            limit: limit
        )
    }
}
