// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The bounds on what an expression may cost; reaching one is an error, never a trap.
public struct ExpressionLimits: Sendable, Hashable {
    /// The longest accepted expression in bytes of UTF-8; 8 KiB by default.
    public var sourceBytes: Int
    /// How deeply an expression may nest; 64 by default, and never more than 256.
    ///
    /// Chains of operators on one level count as one level, so their length is not limited by this.
    public var nestingDepth: Int
    /// How many iterating macros may stand inside one another; 4 by default.
    public var macroNesting: Int
    /// How many nodes one evaluation may visit; 100 000 by default.
    ///
    /// Work on long strings and lists counts in proportion to their size.
    public var evaluationSteps: Int
    /// The longest accepted regular expression in bytes of UTF-8; 1 KiB by default.
    public var patternBytes: Int

    /// Makes limits; every default is that of ``standard``.
    public init(
        sourceBytes: Int = 8192,
        nestingDepth: Int = 64,
        macroNesting: Int = 4,
        evaluationSteps: Int = 100_000,
        patternBytes: Int = 1024
    ) {
        self.sourceBytes = sourceBytes
        self.nestingDepth = min(nestingDepth, 256)
        self.macroNesting = macroNesting
        self.evaluationSteps = min(evaluationSteps, 1 << 40)
        self.patternBytes = patternBytes
    }

    /// The limits used unless a caller gives others.
    public static let standard = ExpressionLimits()
}
