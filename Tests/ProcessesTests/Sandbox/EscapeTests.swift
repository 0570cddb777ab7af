// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport

@testable import Processes

@Suite(
    "Escapes from the sandbox",
    .scratchFolder,
    .enabled(if: SandboxHere.reason == nil, "\(SandboxHere.reason ?? "")")
)
struct EscapeTests {
    /// What succeeds where root runs the tests and can make no control groups.
    private static let uncounted = SandboxLimits.countsProcesses ? [] : ["start-many-processes"]

    /// What level B is known to leave open; docs/sandbox.md and doctor list it.
    private static let openAtB = SandboxLevel.launcher.gaps.map(\.attempt)

    @Test("none of at least sixty attempts succeeds at level A, and every normal action does")
    func full() throws {
        let bench = try EscapeBench()
        let names = try bench.names()

        let escaped = try bench.succeeding(names.attempts, behind: .both)
        let allowed = try bench.succeeding(names.normal, behind: .both)

        #expect(names.attempts.count >= 60)
        #expect(escaped == Self.uncounted)
        #expect(names.normal.count >= 9)
        #expect(allowed == names.normal)
    }

    @Test("at level B only the known gaps are open")
    func launcherAlone() throws {
        let bench = try EscapeBench()
        let names = try bench.names()

        let escaped = try bench.succeeding(names.attempts, behind: .launcher)

        #expect(Set(escaped).subtracting(Self.uncounted) == Set(Self.openAtB))
    }

    @Test("without the launcher or without any wall the same attempts get through")
    func proof() throws {
        let bench = try EscapeBench()
        let open = [
            "read-other-worktree", "read-git-head", "signal-process", "connect-tcp",
            "read-sealed-history", "find-shared-memory", "connect-to-abstract-name",
            "read-process-environment", "write-own-skill",
        ]
        let launched = [
            "use-leaked-descriptor", "open-udp", "make-ring", "use-much-memory",
            "write-large-file", "open-many-files", "listen", "regain-privileges",
        ]

        #expect(try bench.succeeding(open + launched, behind: .none) == open + launched)
        let behindBubblewrap = try bench.succeeding(open + launched, behind: .bubblewrap)
        #expect(behindBubblewrap == launched.filter { $0 != "regain-privileges" })
    }

    @Test("the attempts in the documentation are those of the program")
    func documented() throws {
        let names = try EscapeBench().names()
        let page = try SandboxHere.page()

        #expect(SandboxHere.names(in: page, between: "attempts") == names.attempts.sorted())
        #expect(SandboxHere.names(in: page, between: "actions") == names.normal.sorted())
        #expect(SandboxHere.names(in: page, between: "gaps") == Self.openAtB.sorted())
    }
}
