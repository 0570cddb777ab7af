// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk release", .scratchFolder)
struct ReleaseTests {
    static let record = """
        {"version":1,"restarts":[],"quarantines":[\
        {"agent":"executor","cause":"risk","reason":"a","since":"2026-11-20T10:00:00Z"},\
        {"agent":"researcher","cause":"researcher","reason":"b","since":"2026-11-20T10:00:00Z"},\
        {"agent":"risk","cause":"risk","reason":"a","since":"2026-11-20T10:00:00Z"}]}
        """

    @Test("a release is asked for, for all that went out of service together")
    func asks() async throws {
        let desk = try await TestDesk.make()
        try desk.folder.folder(".loopdesk").create()
        try desk.write(Self.record, to: ".loopdesk/supervision.json")

        let result = try await desk.run("release", "executor")

        #expect(result.stdout == "executor, risk: back in service when the desk starts\n")
        #expect(try desk.folder.folder(".loopdesk/releases").names() == ["executor"])
    }

    @Test("an agent in service, a wrong name and a broken record are said")
    func refusals() async throws {
        let desk = try await TestDesk.make()
        let nobody = try await desk.run("release", "risk")
        try desk.folder.folder(".loopdesk").create()
        try desk.write(Self.record, to: ".loopdesk/supervision.json")
        let sound = try await desk.run("release", "verifier")
        let wrong = try await desk.run("release", "No One")
        try desk.write("{", to: ".loopdesk/supervision.json")
        let broken = try await desk.run("release", "risk")
        try desk.write(#"{"version":9}"#, to: ".loopdesk/supervision.json")
        let future = try await desk.run("release", "risk")

        expectComplaint(nobody, status: 66, "no agent is out of service")
        expectComplaint(sound, status: 66, "out of service: executor, researcher, risk")
        expectComplaint(wrong, status: 65, "no agent's name")
        expectComplaint(broken, status: 65, "is unreadable")
        expectComplaint(future, status: 65, "has form 9")
        #expect(!desk.folder.contains(".loopdesk/releases"))
    }
}
