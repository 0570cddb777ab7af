// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A trading strategy as a value: when to enter, when to leave, and how much.
///
/// `enter` and `exit` are expressions over the columns and functions of ``BarColumns``, the
/// strategy's features, and its parameters. Expressions are kept in one spelling.
public struct Strategy: Sendable, Hashable {
    /// The direction of a position.
    public enum Side: String, Sendable, Hashable, CaseIterable {
        /// Gains when the price rises.
        case long
        /// Gains when the price falls.
        case short
    }

    /// What people call it; not part of ``hash``.
    public let name: String
    /// The idea that it belongs to, for counting how many were tried.
    public let family: String
    /// The instruments, sorted, each once.
    public let universe: [Symbol]
    /// The direction of its positions.
    public let side: Side
    /// Named numbers, which stand for themselves in expressions.
    public let parameters: [String: Double]
    /// The periods of longer bars, by name, over which features may be computed.
    public let frames: [String: BarPeriod]
    /// Named expressions, which are columns in the others.
    public let features: [String: StrategyFeature]
    /// The condition at a close for entering at the next open.
    public let enter: String
    /// The condition at a close for leaving at the next open.
    public let exit: String
    /// The condition at a close under which the idea behind a position has failed, so that it is
    /// closed at the next open; nil for none.
    public let invalidation: String?
    /// The share of equity that one position takes, above 0 and at most 1; 1 with ``units``.
    public let size: Double
    /// The fixed number of units of a position; nil when ``size`` decides.
    public let units: Double?
    /// What a number of units by share of equity is rounded down to a multiple of.
    public let lot: Double
    /// The money per price point and unit.
    public let multiplier: Double
    /// What trading costs unless the caller of a backtest says otherwise; nil for nothing.
    public let costs: Costs?
    /// The share of the close of the decision by which an entry must be better, so that it rests
    /// for a bar; nil for none.
    public let limit: Double?
    /// The same as a distance from that close, as an expression at the bar of the decision; nil
    /// when it is a share or there is none.
    public let limitDistance: String?
    /// The share of the entry price whose loss closes a position; nil for none.
    public let stop: Double?
    /// The distance of the stop from the entry price, as an expression at the bar of the decision;
    /// nil when it is a share or there is none.
    public let stopDistance: String?
    /// The share of the entry price whose gain closes a position; nil for none.
    public let target: Double?
    /// The distance of the target from the entry price, as an expression at the bar of the
    /// decision; nil when it is a share or there is none.
    public let targetDistance: String?
    /// The number of bars, that of the entry included, after which a position is closed at the
    /// next open; nil for no limit.
    public let hold: Int?

    let compiled: CompiledStrategy
    let settings: StrategySettings
    let rules: TradingRules

    /// Reads and checks a strategy.
    ///
    /// Every expression is parsed, its names are looked up, and it is evaluated once on a few
    /// bars, so that no fault of it can appear later.
    /// - Throws: A ``QuantError`` with code `badStrategy`, or `badExpression` for an expression;
    ///   its reason starts with the path of the member.
    public init(_ json: JSON) throws(QuantError) {
        let draft = try StrategyDraft(json)
        name = draft.name
        family = draft.family
        universe = draft.universe
        side = draft.side
        parameters = draft.parameters
        frames = draft.frames
        features = draft.features
        enter = ExpressionText(draft.enter).normalized
        exit = ExpressionText(draft.exit).normalized
        invalidation = draft.invalidation.map { ExpressionText($0).normalized }
        settings = draft.settings
        rules = try settings.rules(parameters)
        size = rules.size
        units = rules.units
        lot = rules.lot
        multiplier = rules.multiplier
        costs = settings.costs
        limit = rules.limit
        limitDistance = settings.limitDistance
        stop = rules.stop
        stopDistance = settings.stopDistance
        target = rules.target
        targetDistance = settings.targetDistance
        hold = rules.hold
        compiled = try CompiledStrategy(
            parameters: parameters,
            features: features,
            conditions: ["enter": enter, "exit": exit, "invalidation": invalidation],
            distances: ["limit": limitDistance, "stop": stopDistance, "target": targetDistance]
        )
    }

    /// The strategy as JSON, with members in a fixed order and sorted within each.
    public var json: JSON {
        .object(
            [JSON.Member("schema", 1), JSON.Member("name", .string(name))] + content(parameters)
        )
    }

    /// The hash of everything but the name.
    ///
    /// It does not depend on the order of members or of the universe, on how numbers are written,
    /// or on spaces and comments in expressions.
    public var hash: ContentHash {
        ContentHash(of: canonicalBytes(parameters: parameters))
    }

    /// Whether entries wait at a price of their own.
    var restsAtLimits: Bool { settings.limit != nil }

    /// What ``hash`` is made of, with other parameters.
    func canonicalBytes(parameters: [String: Double]) -> [UInt8] {
        let members = [JSON.Member("schema", 1)] + content(parameters)
        return JSON.object(members).canonical.compactBytes
    }

    private func content(_ parameters: [String: Double]) -> [JSON.Member] {
        var members = [
            JSON.Member("family", .string(family)),
            JSON.Member("universe", .array(universe.map { .string($0.description) })),
            JSON.Member("side", .string(side.rawValue)),
            JSON.Member("parameters", Self.object(parameters, StrategySettings.number)),
            JSON.Member("features", Self.object(features, \.json)),
            JSON.Member("enter", .string(enter)),
            JSON.Member("exit", .string(exit)),
        ]
        if !frames.isEmpty {
            members.append(
                JSON.Member("frames", Self.object(frames) { .string($0.description) })
            )
        }
        if let invalidation { members.append(JSON.Member("invalidation", .string(invalidation))) }
        return members + settings.members
    }

    private static func object<Value>(_ values: [String: Value], _ json: (Value) -> JSON) -> JSON {
        .object(values.sorted { $0.key < $1.key }.map { JSON.Member($0.key, json($0.value)) })
    }

    /// Tells whether two strategies have the same content and name.
    public static func == (left: Strategy, right: Strategy) -> Bool { left.json == right.json }

    /// Feeds the content and the name to the hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}
