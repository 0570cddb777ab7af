// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes
import TestSupport
import Testing

@testable import Supervisor

@Suite("The record of supervision", .scratchFolder)
struct SupervisionFileTests {
    let now = SupervisionBench().now

    func supervision(restarts: Int = 1) throws -> Supervision {
        try Supervision(
            agents: SupervisionBench.agents,
            rules: SupervisionBench.rules(restarts: restarts),
            folder: try folder(),
            seed: 1,
            at: now
        )
    }

    func folder() throws -> Folder { Folder(try ScratchFolder.path).folder(".loopdesk") }

    @Test("a desk without a record starts with none and has nothing to say")
    func missing() throws {
        let supervision = try supervision()

        #expect(supervision.notice == nil)
        #expect(supervision.state.quarantines.isEmpty)
        #expect(try !folder().exists)
    }

    @Test("restarts and quarantines are read back as they were")
    func roundTrip() throws {
        var first = try supervision()
        let risk = SupervisionBench.name("risk")
        let ingestor = SupervisionBench.name("ingestor")
        _ = first.failed(risk, reason: "it \"crashed\"\n", at: now)
        _ = first.failed(risk, reason: "it \"crashed\"\n", at: now)
        _ = first.failed(ingestor, reason: "too", at: now)

        let second = try supervision()

        #expect(second.notice == nil)
        #expect(second.state.quarantines == first.state.quarantines)
        #expect(second.state.quarantines.first?.reason == "it \"crashed\"")
        #expect(second.state.condition(of: ingestor, at: now.steady) == .restarted(used: 1, of: 1))
        #expect(second.state.haltsTrading)
    }

    @Test(
        "a record that cannot be read is set aside, said, and an empty one taken",
        arguments: [
            "", "{", "[]", "null", #"{"version":1}"#, #"{"version":"1"}"#, "\u{0}\u{0}\u{0}",
            #"{"version":1,"restarts":[{"agent":"Risk!","failures":1,"at":[]}],"quarantines":[]}"#,
            #"{"version":1,"restarts":[{"agent":"risk","failures":-1,"at":[]}],"quarantines":[]}"#,
            #"{"version":1,"restarts":[{"agent":"risk","failures":1,"at":["no"]}],"#
                + #""quarantines":[]}"#,
            #"{"version":1,"restarts":[],"quarantines":[{"agent":"risk"}]}"#,
        ]
    )
    func unreadable(text: String) throws {
        try folder().create()
        try folder().replace(SupervisionFile.name, with: Array(text.utf8))

        let supervision = try supervision()

        #expect(supervision.notice?.contains("is unreadable") == true)
        #expect(supervision.state.quarantines.isEmpty)
        #expect(try folder().names() == [SupervisionFile.unreadableName])
        #expect(try folder().read(SupervisionFile.unreadableName) == Array(text.utf8))
    }

    @Test("every cut of a record is unreadable and not half a record")
    func truncated() throws {
        var first = try supervision()
        _ = first.failed(SupervisionBench.name("risk"), reason: "a", at: now)
        let bytes = try folder().read(SupervisionFile.name)

        for length in 0..<(bytes.count - 1) {
            try folder().replace(SupervisionFile.name, with: Array(bytes[..<length]))
            #expect(try supervision().notice != nil, "\(length) bytes")
        }
    }

    @Test("a record over its limit, or a folder in its place, is set aside")
    func wrongKind() throws {
        try folder().folder(SupervisionFile.name).create()
        let folderNotice = try supervision().notice
        try folder().removeAll()
        try folder().create()
        let huge = [UInt8](repeating: 0x20, count: SupervisionFile.limitBytes + 1)
        try folder().replace(SupervisionFile.name, with: huge)

        let hugeNotice = try supervision().notice

        #expect(folderNotice != nil)
        #expect(hugeNotice?.contains("at most") == true)
    }

    @Test("a record of a later version is refused and left as it is")
    func future() throws {
        let bytes = Array(#"{"version":2,"agents":{}}"#.utf8)
        try folder().create()
        try folder().replace(SupervisionFile.name, with: bytes)

        let error = #expect(throws: SupervisorError.self) { try supervision() }

        #expect(error?.code == .notReady)
        #expect(error?.message.contains("has form 2") == true)
        #expect(try folder().names() == [SupervisionFile.name])
        #expect(try folder().read(SupervisionFile.name) == bytes)
    }

    @Test("a record that cannot be written does not hold up the decision and is written later")
    func storageError() throws {
        let risk = SupervisionBench.name("risk")
        var first = try supervision()
        let blocked = "\(SupervisionFile.name).part"
        try folder().folder(blocked).create()

        let decision = first.failed(risk, reason: "a", at: now)
        let failure = first.unsaved
        try folder().folder(blocked).removeAll()
        first.retrySave(at: now)

        guard case .restart = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(failure != nil)
        #expect(first.unsaved == nil)
        #expect(
            try supervision().state.condition(of: risk, at: now.steady)
                == .restarted(used: 1, of: 1)
        )
    }

    @Test("a person's request is carried out once, and kept while it cannot be recorded")
    func releases() throws {
        let risk = SupervisionBench.name("risk")
        let requests = ReleaseRequests(DeskFolder(try ScratchFolder.path))
        var supervision = try supervision(restarts: 0)
        _ = supervision.failed(risk, reason: "a", at: now)
        try requests.add(risk)
        try requests.add(SupervisionBench.name("nobody"))
        try requests.folder.replace("Not a name", with: [])
        let blocked = try folder().folder("\(SupervisionFile.name).part")
        try blocked.create()

        let released = try supervision.takeReleases(requests, at: now)
        let kept = try requests.pending()
        try blocked.removeAll()
        supervision.retrySave(at: now)
        let again = try supervision.takeReleases(requests, at: now)

        #expect(released == [risk])
        #expect(kept.map(\.description) == ["risk"])
        #expect(again.isEmpty)
        #expect(try requests.pending().isEmpty)
        #expect(try self.supervision().state.quarantines.isEmpty)
    }

    @Test("stability is recorded too")
    func stability() throws {
        let risk = SupervisionBench.name("risk")
        var bench = SupervisionBench()
        var first = try supervision()
        _ = first.failed(risk, reason: "a", at: bench.now)
        first.started(risk, at: bench.now)

        bench.advance(60)
        first.ran(risk, at: bench.now)

        let second = try supervision()
        #expect(second.state.condition(of: risk, at: now.steady) == .sound)
    }
}
