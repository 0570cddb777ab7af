// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// Decides by the head of a request alone what is to be done with it.
struct Router: Sendable {
    enum Decision: Sendable {
        /// It is answered at once.
        case reply(Reply)
        /// The metrics, or whether the desk is well, are shown.
        case show(Page)
        /// The body is read and given to who is meant.
        case receive(Destination)
    }

    enum Destination: Sendable, Equatable {
        /// An agent's hook.
        case hook(AgentName)
        /// The route for messages.
        case messages

        /// The kind of page, for counting.
        var page: String {
            switch self {
            case .hook: "hooks"
            case .messages: "messages"
            }
        }
    }

    enum Page: String, Sendable {
        case metrics
        case healthz
    }

    private let hooks: Set<AgentName>
    private let hostNames: Set<String>
    private let limitBytes: Int
    private let messages: MessageRoute?

    init(_ configuration: EndpointConfiguration) {
        hooks = Set(configuration.hooks.keys)
        hostNames = Set(["localhost", configuration.address.host] + configuration.hostNames)
        limitBytes = configuration.limits.bodyBytes
        messages = configuration.messages
    }

    func decide(_ head: RequestHead) -> Decision {
        guard let host = head.only("host") else { return .reply(.malformed) }
        // A page in a browser can make its own name point here; it cannot choose what it sends as
        // Host.
        guard isOwn(host) else { return .reply(.misdirected) }
        let path = head.path
        switch path {
        case "/metrics": return show(.metrics, head)
        case "/healthz": return show(.healthz, head)
        default:
            if let messages, path == messages.path { return pass(head, to: messages) }
            guard path.hasPrefix("/hooks/"),
                let agent = AgentName(String(path.dropFirst(7))),
                hooks.contains(agent)
            else { return .reply(.unknown) }
            return receive(agent, head)
        }
    }

    private func show(_ page: Page, _ head: RequestHead) -> Decision {
        guard head.method == "GET" || head.method == "HEAD" else {
            return .reply(.wrongMethod(allowed: "GET, HEAD", page: page.rawValue))
        }
        return .show(page)
    }

    private func receive(_ agent: AgentName, _ head: RequestHead) -> Decision {
        guard head.method == "POST" else {
            return .reply(.wrongMethod(allowed: "POST", page: "hooks"))
        }
        guard head.mediaType == "application/json", !head.has("content-encoding") else {
            return .reply(.wrongType)
        }
        return .receive(.hook(agent), within: limitBytes, head)
    }

    private func pass(_ head: RequestHead, to route: MessageRoute) -> Decision {
        if let refusal = route.refusal(MessageRoute.Head(head)) {
            return .reply(Reply(refusal))
        }
        guard !head.has("content-encoding") else { return .reply(.wrongType) }
        return .receive(.messages, within: limitBytes, head)
    }

    private func isOwn(_ host: String) -> Bool {
        let lowered = host.lowercased()
        // `host`, `host:port`, `[address]` or `[address]:port`; the port says nothing.
        if lowered.hasPrefix("[") {
            let name = lowered.dropFirst().prefix { $0 != "]" }
            return name == "::1" || hostNames.contains(String(name))
        }
        let name = String(lowered.prefix { $0 != ":" })
        return hostNames.contains(name) || Self.isLoopback(name)
    }

    /// Whether a text is an IPv4 address of the loopback, 127.0.0.0/8.
    private static func isLoopback(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && UInt8(part) != nil
                    && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
    }
}

extension Router.Decision {
    /// Reads the body unless it says of itself that it is too large.
    fileprivate static func receive(
        _ destination: Router.Destination,
        within limitBytes: Int,
        _ head: RequestHead
    ) -> Router.Decision {
        let length = head.only("content-length").flatMap { Int($0) } ?? 0
        return length > limitBytes
            ? .reply(.tooLarge.counted(as: destination.page)) : .receive(destination)
    }
}
