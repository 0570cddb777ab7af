// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A named expression of a strategy, over its bars or over longer ones.
public struct StrategyFeature: Sendable, Hashable {
    /// The expression, in one spelling.
    public let expression: String
    /// The name of the frame over whose bars it is computed; nil for the bars themselves.
    public let frame: String?

    init(_ expression: String, frame: String? = nil) {
        self.expression = ExpressionText(expression).normalized
        self.frame = frame
    }

    /// The feature as it is written.
    public var json: JSON {
        guard let frame else { return .string(expression) }
        return ["frame": .string(frame), "value": .string(expression)]
    }
}
