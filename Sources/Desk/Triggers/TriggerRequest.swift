// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A request from outside the desk that an agent take a turn.
public struct TriggerRequest: Sendable, Hashable {
    /// Who asks.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A program, by an HTTP request whose signature was right.
        case webhook
        /// A person, by `loopdesk trigger`.
        case person
    }

    /// The agent that is to take a turn.
    public let agent: AgentName
    /// Who asks.
    public let kind: Kind
    /// What tells this request from all others of the agent and kind; a repetition has the same.
    public let id: String
    /// What came with the request, byte by byte; nobody vouches for its content.
    public let payload: [UInt8]
    /// When it arrived.
    public let time: Instant

    /// The most bytes of an id.
    public static let idLimitBytes = 256
    /// The most bytes of a payload.
    public static let payloadLimitBytes = 1 << 20

    /// Creates a request; nil when the id is empty, too long or holds anything but visible ASCII,
    /// or when the payload is too large.
    public init?(
        agent: AgentName,
        kind: Kind,
        id: String,
        payload: [UInt8] = [],
        time: Instant
    ) {
        guard Self.isID(id), payload.count <= Self.payloadLimitBytes else { return nil }
        self.agent = agent
        self.kind = kind
        self.id = id
        self.payload = payload
        self.time = time
    }

    /// Whether a text may be an id: 1 to 256 visible ASCII characters.
    public static func isID(_ text: String) -> Bool {
        (1...idLimitBytes).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// The payload read as JSON; nil when there is none or it is something else.
    public var json: JSON? {
        // What is no JSON is still a payload.
        payload.isEmpty ? nil : try? JSON(parsing: payload)
    }

    /// The name that the request has in the spool, made of agent, kind and id.
    public var name: String {
        "\(agent).\(kind.rawValue).\(ContentHash(of: "\(agent)\n\(kind.rawValue)\n\(id)"))"
    }
}
