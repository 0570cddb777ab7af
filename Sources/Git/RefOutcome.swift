// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What came of moving references.
public enum RefOutcome: Hashable, Sendable {
    /// All of them moved.
    case moved
    /// None moved: this one has another value than expected, or nil for none at all.
    case changedMeanwhile(reference: String, actual: ObjectID?)
}
