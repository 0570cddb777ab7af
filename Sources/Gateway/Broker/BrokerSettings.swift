// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A broker in place of the exchange on paper.
public struct BrokerSettings {
    /// The way to it; nil while the past is gone through, when nothing is sent.
    public let link: (any VenueLink)?
    /// What its orders look like.
    public let terms: BrokerTerms
    /// How patient the dispatcher is, in seconds.
    public let rules: DispatchRules
    /// The most that may be held by hand, in units.
    public let externalLimit: Decimal8
    /// Told how things stand, whenever that has changed.
    public let tell: (JSON) -> Void

    /// Gathers settings.
    public init(
        link: (any VenueLink)?,
        terms: BrokerTerms = BrokerTerms(),
        rules: DispatchRules = .broker(uniqueIDs: false),
        externalLimit: Decimal8 = .zero,
        tell: @escaping (JSON) -> Void = { _ in }
    ) {
        self.link = link
        self.terms = terms
        self.rules = rules
        self.externalLimit = externalLimit
        self.tell = tell
    }
}

extension DispatchRules {
    /// The rules for a broker behind tools, a tick being a second; an id that such a broker has
    /// ever taken may be one that it refuses.
    public static func broker(uniqueIDs: Bool) -> DispatchRules {
        var rules = DispatchRules()
        rules.patience = 5
        // Twice what a call may take, and some.
        rules.horizon = 100
        rules.stopPatience = 10
        rules.surveyEvery = 30
        rules.disagreements = 3
        rules.uniqueIDs = uniqueIDs
        return rules
    }
}
