// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// What a model-driven agent can ask its supervisor for.
///
/// A failure of what was asked for is a value; an error means that nobody is there to ask.
protocol ModelPort {
    /// A model's answer.
    func complete(_ conversation: Conversation) throws -> Result<ModelAnswer, RequestFailure>
    /// The tools of connectors that the agent may call.
    func connectorTools() throws -> [ConversationTool]
    /// Calls one of them.
    func call(_ name: String, _ arguments: JSON) throws -> Result<JSON, RequestFailure>
}

/// Asks over the pipe on which the agent's turns come.
final class SupervisorPort: ModelPort {
    private let exchange: ([UInt8]) throws -> [UInt8]
    private var requests = 0

    /// Asks through a function that sends a line and waits for the next one.
    init(_ exchange: @escaping ([UInt8]) throws -> [UInt8]) {
        self.exchange = exchange
    }

    func complete(_ conversation: Conversation) throws -> Result<ModelAnswer, RequestFailure> {
        switch try ask(TurnContract.completeMethod, conversation.json) {
        case .success(let json): .success(try ModelAnswer(json: json))
        case .failure(let failure): .failure(failure)
        }
    }

    func connectorTools() throws -> [ConversationTool] {
        // Without its list an agent works all the same.
        guard case .success(let json) = try ask(TurnContract.toolsMethod, .object([])) else {
            return []
        }
        return (json["tools"]?.arrayValue ?? []).compactMap { tool in
            // One whose name no model takes is left out.
            try? ConversationTool(json: tool, path: "tools")
        }
    }

    func call(_ name: String, _ arguments: JSON) throws -> Result<JSON, RequestFailure> {
        try ask(TurnContract.toolMethod, ["name": .string(name), "arguments": arguments])
    }

    private func ask(_ method: String, _ parameters: JSON) throws -> Result<JSON, RequestFailure> {
        requests += 1
        let line = TurnContract.request(id: requests, method: method, parameters: parameters)
        do {
            return try TurnContract.outcome(of: try exchange(line), id: requests)
        } catch {
            throw PortError(description: "the supervisor does not answer \(method): \(error)")
        }
    }
}
