// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Processes
import Testing
import TestSupport

@testable import Supervisor

@Suite("An examination of the computer", .scratchFolder)
struct ExaminationFactsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let code: FindingCode
        let change: @Sendable (inout SystemFacts) -> Void

        init(_ code: FindingCode, _ change: @escaping @Sendable (inout SystemFacts) -> Void) {
            self.code = code
            self.change = change
        }

        var testDescription: String { code.word }
    }

    static let cases = [
        Case(.spaceExhausted) { $0.space?.freeBytes = (100 << 20) - 1 },
        Case(.spaceLow) { $0.space?.freeBytes = 100 << 20 },
        Case(.filesExhausted) { $0.space?.freeFiles = 999 },
        Case(.filesLow) { $0.space?.freeFiles = 1000 },
        Case(.diskReadOnly) { $0.space?.isReadOnly = true },
        Case(.checkFailed) { $0.space = nil },
        Case(.processDescriptorsMissing) { $0.kernel.hasProcessDescriptors = false },
        Case(.landlockMissing) { $0.kernel.landlockVersion = nil },
        Case(.userNamespacesMissing) { $0.kernel.allowsUserNamespaces = false },
        Case(.watchersFew) { $0.kernel.watcherLimit = 63 },
        Case(.controlGroupsOld) { $0.kernel.hasUnifiedControlGroups = false },
        Case(.clockUnsynchronised) { $0.kernel.isClockKept = false },
        Case(.gitCommandMissing) { $0.versions.git = nil },
        Case(.versionOld) { $0.versions.git = "2.24.9" },
        Case(.versionOld) { $0.versions.libgit2 = "1.4.6" },
        Case(.versionOld) { $0.versions.sqlite = "3.36" },
    ]

    @Test("what a desk needs and the computer lacks is found, and nothing else", arguments: cases)
    func lacking(example: Case) async throws {
        var scene = try await ExaminationBench.make()
        example.change(&scene.facts)

        let report = scene.report()

        #expect(report.findings.map(\.code) == [example.code])
        #expect(report.isGood == (example.code.severity != .error))
        #expect(try scene.fix() == RepairReport())
    }

    @Test(
        "limits that are just kept, versions that are later, and facts nobody tells are good",
        arguments: [
            Case(.spaceLow) { $0.space?.freeBytes = 1 << 30 },
            Case(.filesLow) { $0.space?.freeFiles = 10_000 },
            Case(.filesLow) { $0.space?.freeFiles = nil },
            Case(.watchersFew) { $0.kernel.watcherLimit = 64 },
            Case(.watchersFew) { $0.kernel.watcherLimit = nil },
            Case(.clockUnsynchronised) { $0.kernel.isClockKept = nil },
            Case(.versionOld) { $0.versions.git = "2.25" },
            Case(.versionOld) { $0.versions.git = "3.0.0-rc1" },
            Case(.versionOld) { $0.versions.sqlite = "unknown" },
        ]
    )
    func good(example: Case) async throws {
        var scene = try await ExaminationBench.make()
        example.change(&scene.facts)

        let report = scene.report()

        #expect(report.findings == [])
        #expect(report.passed.map(\.check).starts(with: ["space", "kernel", "versions", "lock"]))
    }

    @Test("the kernel of this computer has what the tests themselves need")
    func kernel() throws {
        let kernel = KernelFeatures.load()

        #expect(kernel.hasProcessDescriptors)
        #expect((kernel.watcherLimit ?? 0) > 0)
    }
}
