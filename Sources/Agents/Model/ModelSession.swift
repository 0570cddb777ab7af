// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// One task of a model's: it is asked, its tools are run, until it has said its last word.
struct ModelSession {
    /// What a task has come to.
    enum Outcome {
        /// The model's last words.
        case text(String)
        /// There are none, and why.
        case failed(String)
    }

    private let port: any ModelPort
    private let tools: [any ModelTool]
    /// How often the model may be asked.
    private let limit: Int
    private var conversation: Conversation
    private var asked = 0
    private var story: [String] = []

    /// The most calls of tools in one answer, and the most characters of a result.
    static let callLimit = 16, resultLimit = 40_000
    /// The most characters of what is kept for people, and of one piece of it.
    static let storyLimit = 48_000, pieceLimit = 4_000

    /// Prepares a task.
    init(
        _ port: any ModelPort,
        system: [String],
        prompt: String,
        tools: [any ModelTool] = [],
        output: JSON,
        limit: Int
    ) {
        self.port = port
        self.tools = tools
        self.limit = limit
        conversation = Conversation(
            system: system,
            tools: tools.map(\.definition),
            turns: [ConversationTurn(.user, [.text(prompt)])],
            outputSchema: output
        )
    }

    /// What was said and done, for people; empty when nothing was.
    var note: String {
        let text = story.joined(separator: "\n\n")
        return String(text.prefix(Self.storyLimit))
    }

    /// Goes on until the model has said its last word.
    /// - Throws: When nobody is there to ask.
    mutating func run() throws -> Outcome {
        while true {
            guard asked < limit else {
                return .failed("it had not come to an end after \(limit) answers")
            }
            asked += 1
            let answer: ModelAnswer
            switch try port.complete(conversation) {
            case .failure(let failure): return .failed(failure.reason)
            case .success(let given): answer = given
            }
            note(answer)
            guard !answer.parts.isEmpty else { return .failed("it said nothing") }
            switch answer.stop {
            case .refused: return .failed("it refused")
            case .contextFull: return .failed("the conversation is longer than it can read")
            case .mostTokens where answer.uses.isEmpty:
                return .failed("its answer was cut at the most tokens")
            case .paused: go(on: answer, [.text("Go on.")])
            default:
                guard !answer.uses.isEmpty else { return .text(answer.text) }
                go(on: answer, try results(of: answer))
            }
        }
    }

    /// Tells the model what is wrong with its last words, and goes on.
    /// - Throws: When nobody is there to ask.
    mutating func repair(_ last: String, _ faults: [String]) throws -> Outcome {
        let list = faults.map { "- \($0)" }.joined(separator: "\n")
        story.append("**Told:**\n\(list)")
        // The last turn is the user's, so the words that are wrong are said again before.
        go(
            on: ModelAnswer([.text(last.isEmpty ? "-" : last)], stop: .finished, usage: nil),
            [
                .text(
                    "That cannot be used:\n\(list)\nAnswer once more, with one JSON value of the"
                        + " form that was asked for and nothing else."
                )
            ]
        )
        return try run()
    }

    private mutating func go(on answer: ModelAnswer, _ parts: [ConversationPart]) {
        conversation.turns += [
            ConversationTurn(.assistant, answer.parts), ConversationTurn(.user, parts),
        ]
    }

    private mutating func results(of answer: ModelAnswer) throws -> [ConversationPart] {
        var parts: [ConversationPart] = []
        for (index, use) in answer.uses.enumerated() {
            let result: (text: String, isError: Bool)
            if index < Self.callLimit {
                result = try run(use.name, use.input)
            } else {
                result = ("at most \(Self.callLimit) calls are made at once", true)
            }
            let text = String(result.text.prefix(Self.resultLimit))
            let mark = result.isError ? " failed" : ""
            story.append(
                "**\(use.name)**\(mark): \(use.input.compactText.prefix(Self.pieceLimit))\n\n"
                    + "\(text.prefix(Self.pieceLimit))"
            )
            parts.append(.toolResult(id: use.id, text: text, isError: result.isError))
        }
        return parts
    }

    private func run(_ name: String, _ input: JSON) throws -> (text: String, isError: Bool) {
        guard let tool = tools.first(where: { $0.definition.name == name }) else {
            let names = tools.map(\.definition.name).joined(separator: ", ")
            return ("no tool '\(name.prefix(64))'; there are \(names)", true)
        }
        do {
            return (try tool.run(try JSONFields(input, path: name)), false)
        } catch let error as PortError {
            throw error
        } catch {
            return ("\(error)", true)
        }
    }

    private mutating func note(_ answer: ModelAnswer) {
        guard !answer.text.isEmpty else { return }
        story.append(String(answer.text.prefix(Self.pieceLimit)))
    }
}

/// A supervisor that does not answer, which no tool can make good.
struct PortError: Error, CustomStringConvertible {
    let description: String
}
