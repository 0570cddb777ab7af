// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What an examination of a desk came to.
public struct ExaminationReport: Sendable {
    /// What was found, in the order of the checks.
    public internal(set) var findings: [Finding] = []
    /// The checks that found nothing, with how things stand.
    public internal(set) var passed: [(check: String, detail: String)] = []

    /// How many findings have a severity.
    public func count(_ severity: FindingCode.Severity) -> Int {
        findings.count { $0.code.severity == severity }
    }

    /// Whether nothing has to be put right.
    public var isGood: Bool { count(.error) == 0 }

    /// The report for programs, as members of an object.
    public var members: [JSON.Member] {
        [
            JSON.Member("findings", .array(findings.map(\.json))),
            JSON.Member(
                "passed",
                .array(passed.map { ["check": .string($0.check), "detail": .string($0.detail)] })
            ),
            JSON.Member("errors", .int(Int64(count(.error)))),
            JSON.Member("warnings", .int(Int64(count(.warning)))),
            JSON.Member("notes", .int(Int64(count(.note)))),
        ]
    }

    mutating func add(_ check: String, _ result: ExaminationResult) {
        findings += result.findings
        guard result.findings.allSatisfy({ $0.code.severity == .note }) else { return }
        if let detail = result.detail { passed.append((check, detail)) }
    }
}
