// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// A tool of a connector, called by the supervisor.
struct ConnectorTool: ModelTool {
    let definition: ConversationTool
    let port: any ModelPort

    func run(_ input: JSONFields) throws -> String {
        let members = input.names.map { JSON.Member($0, input.optional($0) ?? .null) }
        switch try port.call(definition.name, .object(members)) {
        case .failure(let failure): throw AgentError(failure.reason)
        case .success(let result):
            let text = result["text"]?.stringValue ?? ""
            if result["error"]?.boolValue == true { throw AgentError(text) }
            return text
        }
    }
}
