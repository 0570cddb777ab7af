// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import HTTP

/// How a family of servers writes conversations and answers.
protocol ModelWire: Sendable {
    /// Where requests go.
    var url: String { get }
    /// What stands in the head of each request, but for the credential.
    var headers: [HTTPHeader] { get }

    /// The body of a request.
    func body(of conversation: Conversation) -> JSON
    /// Reads an answer that came whole.
    func answer(_ json: JSON) throws(ModelError) -> ModelAnswer
    /// Begins to read one that comes in pieces.
    func makeStream(limitBytes: Int) -> any AnswerStream
}

/// An answer that comes in pieces.
protocol AnswerStream {
    /// Whether the answer is whole.
    var isWhole: Bool { get }

    /// Takes in the data of one event.
    mutating func take(_ data: [UInt8]) throws(ModelError)
    /// The answer.
    func answer() throws(ModelError) -> ModelAnswer
}

extension AnswerStream {
    /// The event as a value; something else ends the answer.
    static func value(_ data: [UInt8]) throws(ModelError) -> JSON {
        do throws(JSONError) {
            return try JSON(parsing: data)
        } catch {
            throw ModelError(.malformed, "an event is no JSON: \(error.message)", mayHaveCost: true)
        }
    }
}

extension ModelConfiguration {
    /// The wire of its family.
    var wire: any ModelWire {
        switch family {
        case .anthropic: AnthropicWire(self)
        case .openai: ChatWire(self)
        }
    }
}
