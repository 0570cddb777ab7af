// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk

/// Where an endpoint listens and what it takes in.
public struct EndpointConfiguration: Sendable {
    /// Where it listens.
    public let address: EndpointAddress
    /// The agents that have a webhook, and how their senders prove themselves.
    public let hooks: [AgentName: WebhookVerifier]
    /// What it puts up with.
    public let limits: EndpointLimits
    /// Names besides the loopback's and the address's own by which it may be called.
    public let hostNames: [String]
    /// What else is served; nil for nothing.
    public let messages: MessageRoute?

    /// Bundles the settings.
    public init(
        address: EndpointAddress,
        hooks: [AgentName: WebhookVerifier],
        limits: EndpointLimits = EndpointLimits(),
        hostNames: [String] = [],
        messages: MessageRoute? = nil
    ) {
        self.address = address
        self.hooks = hooks
        self.limits = limits
        self.hostNames = hostNames.map { $0.lowercased() }
        self.messages = messages
    }
}
