// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Reads strategies for a supervisor, which knows nothing of them itself.
public protocol StrategyReader: Sendable {
    /// What a strategy says once every word of its maker's is taken out.
    func read(_ strategy: JSON) -> StrategyReading
    /// The same for two readers only if they read every strategy alike.
    var fingerprint: String { get }
}

/// What came of reading a strategy.
public enum StrategyReading: Sendable, Hashable {
    /// It can be judged.
    case typed(TypedHypothesis)
    /// It cannot, for one of a few reasons, such as `malformed`.
    case fault(String)
}

/// A strategy in typed form, with what leads back to its maker's.
public struct TypedHypothesis: Sendable, Hashable {
    /// The hash of its rules, by which it is counted.
    public let hash: ContentHash
    /// The strategy in typed form.
    public let strategy: JSON
    /// The hash of the strategy as its maker wrote it.
    public let original: ContentHash
    /// The family that its maker put it into.
    public let family: String

    /// Collects the parts.
    public init(hash: ContentHash, strategy: JSON, original: ContentHash, family: String) {
        self.hash = hash
        self.strategy = strategy
        self.original = original
        self.family = family
    }
}

/// Reads no strategy: every one is malformed, so nothing that is judged can pass.
public struct UnreadStrategies: StrategyReader {
    /// Creates one.
    public init() {}

    /// Says that the strategy is malformed.
    public func read(_ strategy: JSON) -> StrategyReading { .fault("malformed") }

    /// A word that no other reader has.
    public var fingerprint: String { "none" }
}
