// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What an agent is for; the role decides which topics it may say and what its settings mean.
public enum Role: String, Sendable, Hashable, CaseIterable {
    /// Takes bars from the feed and refuses bad ones.
    case ingestor
    /// Proposes strategies, trades the approved ones, and writes lessons.
    case researcher
    /// Runs proposals over in-sample history.
    case backtester
    /// Judges reports and intents by rules and by its own recomputation.
    case verifier
    /// Turns passed verdicts into orders.
    case executor
    /// Watches the account and closes everything when a limit breaks.
    case risk

    /// The topics that an agent of this role may publish.
    public var topics: [Topic] {
        switch self {
        case .ingestor: [.bars]
        case .researcher: [.proposal, .intent, .lesson]
        case .backtester: [.report]
        case .verifier: [.verdict, .trials]
        case .executor: [.order, .fill, .trade]
        case .risk: [.risk, .halt]
        }
    }

    /// Whether agents of this role are handed a connection to the gateway.
    public var usesGateway: Bool { self == .executor || self == .risk }

    /// Whether agents of this role are given typed fields alone and not what others wrote.
    public var isBlind: Bool { self == .verifier }

    /// Which part of the market's history an agent of this role is shown.
    public var marketView: MarketView {
        switch self {
        case .ingestor, .researcher, .backtester: .research
        case .verifier: .full
        case .executor, .risk: .none
        }
    }
}

/// A part of the market's recorded history.
public enum MarketView: String, Sendable, Hashable {
    /// No recorded history.
    case none
    /// The years before the sealed window, and the last bars that today's intents need.
    case research
    /// Everything up to now, sealed window included.
    case full
}
