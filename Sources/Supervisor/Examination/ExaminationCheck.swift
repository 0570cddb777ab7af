// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One look at one part of a desk; it changes nothing.
public protocol ExaminationCheck {
    /// What is looked at, in a word.
    var name: String { get }

    /// Looks.
    /// - Throws: What keeps it from looking, which is a finding of its own.
    func look() throws -> ExaminationResult
}

/// What one check came to.
public struct ExaminationResult: Sendable {
    /// What it found, in the order in which it is shown.
    public var findings: [Finding]
    /// How things stand, as one clause; nil when there is nothing to tell.
    public var detail: String?

    /// Creates a result.
    public init(_ findings: [Finding] = [], detail: String? = nil) {
        self.findings = findings
        self.detail = detail
    }
}
