// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An instruction about the whole desk, with the place in desk time at which it was given.
///
/// Controls form a set ordered by stamp, kind and reason, so that the order in which the clients of
/// one round gave them leaves no trace.
public struct Control: Sendable, Hashable, Comparable {
    /// What is instructed; within one stamp the later cases have the last word.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Entries are allowed again.
        case resume
        /// Every lot is closed at the next open, and entries that wait for it are refused.
        case closeAll
        /// Entries are refused.
        case reduce
        /// Entries are refused, and the desk is at fault.
        case halt

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        static func < (left: Kind, right: Kind) -> Bool { left.rank < right.rank }
    }

    /// The most bytes of a reason.
    public static let longestReason = 500

    /// When it was given.
    public let stamp: Stamp
    /// What is instructed.
    public let kind: Kind
    /// Why, for people.
    public let reason: String

    /// Creates an instruction.
    public init(_ kind: Kind, reason: String, at stamp: Stamp) {
        self.stamp = stamp
        self.kind = kind
        self.reason = reason
    }

    /// The state that follows this instruction: a desk that is halted stays so until it resumes.
    func state(after state: TradingState) -> TradingState {
        switch kind {
        case .resume: .active
        case .closeAll: state
        case .reduce: state == .halted ? .halted : .reducing
        case .halt: .halted
        }
    }

    /// Orders instructions by stamp, kind and reason.
    public static func < (left: Control, right: Control) -> Bool {
        if left.stamp != right.stamp { return left.stamp < right.stamp }
        if left.kind != right.kind { return left.kind < right.kind }
        return left.reason.utf8.lexicographicallyPrecedes(right.reason.utf8)
    }
}
