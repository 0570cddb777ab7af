// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk

/// What an agent asked of the network and what came of it; no header, query or body is in it.
public struct EgressEvent: Sendable, Hashable {
    /// The agent.
    public let agent: AgentName
    /// Host and port, or the name of a route; what the agent wrote, when it is refused.
    public let target: String
    /// How it ended, such as `200`, `tunnel` or the reason of a refusal.
    public let outcome: String
    /// Whether it was refused here, before anything left.
    public let isRefused: Bool
    /// Bytes of bodies or of a tunnel that left.
    public let sentBytes: Int
    /// Bytes that came back.
    public let receivedBytes: Int

    init(
        _ agent: AgentName,
        target: String,
        outcome: String,
        isRefused: Bool = false,
        sentBytes: Int = 0,
        receivedBytes: Int = 0
    ) {
        self.agent = agent
        self.target = String(
            decoding: target.utf8.prefix(200).map { (0x21...0x7E).contains($0) ? $0 : 0x3F },
            as: UTF8.self
        )
        self.outcome = outcome
        self.isRefused = isRefused
        self.sentBytes = sentBytes
        self.receivedBytes = receivedBytes
    }
}
