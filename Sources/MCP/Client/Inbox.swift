// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Synchronization

/// What a server says that is no answer: it is noted, answered or refused.
package final class Inbox: Sendable {
    /// Something that a server told.
    package enum Notice: Sendable, Hashable {
        /// Its tools have changed.
        case toolsChanged
        /// Its prompts have changed.
        case promptsChanged
        /// Its resources have changed.
        case resourcesChanged
        /// One resource has changed.
        case resourceUpdated(uri: String)
        /// A line for a log; untrusted.
        case log(level: String, text: String)
        /// It broke the protocol in a way that does no harm.
        case oddity(String)
    }

    /// The longest text of a log line that is handed on, in characters.
    static let logLimit = 2000

    private let sink: @Sendable (Notice) -> Void

    package init(_ sink: @escaping @Sendable (Notice) -> Void) {
        self.sink = sink
    }

    package func note(_ notice: Notice) { sink(notice) }

    /// Takes a notice in; progress is the transport's.
    func take(notice method: String, _ params: JSON) {
        switch method {
        case "notifications/tools/list_changed": sink(.toolsChanged)
        case "notifications/prompts/list_changed": sink(.promptsChanged)
        case "notifications/resources/list_changed": sink(.resourcesChanged)
        case "notifications/resources/updated":
            sink(.resourceUpdated(uri: String((params["uri"]?.stringValue ?? "").prefix(2000))))
        case "notifications/message":
            let data = params["data"] ?? .null
            let text = data.stringValue ?? data.compactText
            let level = params["level"]?.stringValue ?? "info"
            sink(
                .log(level: String(level.prefix(20)), text: String(text.prefix(Self.logLimit)))
            )
        default: break
        }
    }

    /// The answer to something that a server asks.
    ///
    /// Nobody sits here: what would need a person, a model or a folder is refused.
    func answer(_ id: RequestID, method: String, isStateless: Bool) -> Message? {
        // A stateless server never asks, so nothing waits for an answer.
        guard !isStateless else {
            sink(.oddity("it asked for \(method.prefix(60)), which its revision does not have"))
            return nil
        }
        if method == "ping" { return .response(id, result: .object([])) }
        return .failure(
            id,
            Fault(Fault.unknownMethod, "this client does not offer \(method.prefix(60))")
        )
    }
}
