// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A part of a parsed regular expression.
indirect enum PatternNode: Sendable {
    case empty
    case set(CharacterSet, ignoringCase: Bool)
    case assertion(Assertion)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// At least `least` times, and at most `most` unless that is nil.
    case repetition(PatternNode, least: Int, most: Int?)

    /// A condition on a place between characters.
    enum Assertion: Sendable {
        case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
    }
}
