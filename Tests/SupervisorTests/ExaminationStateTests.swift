// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Glibc
import Processes
import Testing
import TestSupport

@testable import Supervisor

@Suite("An examination of what a desk left open", .scratchFolder)
struct ExaminationStateTests {
    @Test("locks of a dead desk go with a repair; those of others are named with who has them open")
    func locks() async throws {
        var scene = try await ExaminationBench.make()
        scene.facts.now = SystemWallClock().now().adding(seconds: 60)
        try scene.lock("refs/heads/agents/researcher.lock", isOurs: true)
        try scene.lock("worktrees/researcher/index.lock", isOurs: false)
        try scene.lock("config.lock", isOurs: false)
        let open = open(scene.gitFolder.path(of: "config.lock"), O_RDONLY)
        defer { close(open) }

        let found = scene.report().findings
        let repair = try scene.fix()

        #expect(found.map(\.code) == [.lockForeign, .lockOurs, .lockForeign])
        #expect(found[0].message.contains("process \(getpid()) "))
        #expect(found[2].message.contains("no process that you may look at"))
        #expect(repair.done == ["removed .git/refs/heads/agents/researcher.lock"])
        #expect(scene.codes() == [.lockForeign, .lockForeign])
    }

    @Test("a lock that is young, and all of a desk that runs, are somebody's at work")
    func youngLocks() async throws {
        var scene = try await ExaminationBench.make()
        scene.facts.now = SystemWallClock().now()
        try scene.lock("packed-refs.lock", isOurs: false)
        try scene.lock("refs/heads/agents/researcher.lock", isOurs: true)
        let lock = try DeskLock.take(scene.folder, purpose: "loopdesk replay")

        #expect(scene.codes() == [.deskRunning])
        _ = consume lock
    }

    @Test("the claim on garbage collection is told from a dead desk's and a living git's")
    func claims() async throws {
        let scene = try await ExaminationBench.make()
        var name = utsname()
        uname(&name)
        let host = withUnsafeBytes(of: &name.nodename) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        try scene.lock("gc.pid", "999999999 \(host)", isOurs: true)

        let dead = scene.codes()
        let repair = try scene.fix()
        try scene.lock("gc.pid", "999999999 \(host)", isOurs: false)
        let passedOver = scene.codes()
        try scene.lock("gc.pid", "\(getpid()) \(host)", isOurs: false)
        let alive = scene.codes()

        #expect(dead == [.collectionClaimDead])
        #expect(repair.done == ["removed .git/gc.pid"])
        #expect(passedOver == [])
        #expect(alive == [.collectionRunning])
    }

    @Test("a desk that runs is left to itself, but for settings and maintenance")
    func running() async throws {
        let scene = try await ExaminationBench.make()
        try scene.bench.desk.folder("worktrees/researcher").removeAll()
        try scene.write("supervision.json", "{", below: ".loopdesk")
        try await scene.bench.git.run("config", "gc.auto", "1")
        let lock = try DeskLock.take(scene.folder, purpose: "loopdesk up")

        let found = scene.report().findings
        let repair = try scene.fix()
        _ = consume lock

        #expect(
            found.map(\.code) == [
                .deskRunning, .settingsMissing, .processMissing, .processMissing, .processMissing,
                .supervisionUnreadable,
            ]
        )
        #expect(found[0].message == "process \(getpid()) (loopdesk up) runs this desk")
        #expect(repair.done == ["set gc.auto"])
        #expect(repair.undone.count == 1 && repair.undone[0].contains("left to it"))
        #expect(!scene.bench.desk.folder("worktrees/researcher").exists)
    }

    @Test("a program that is started for each turn may lack a process")
    func onceOnly() async throws {
        var setting = Bench.Setting()
        setting.agents = [
            ("ingestor", "role: ingestor, every: bar"),
            ("researcher", "role: researcher, on: [bars], program: {kind: once}"),
        ]
        let scene = ExaminationBench(bench: try await Bench.make("a", setting))
        let lock = try DeskLock.take(scene.folder, purpose: "loopdesk up")

        let found = scene.report().findings.filter { $0.code == .processMissing }
        _ = consume lock

        #expect(found.map(\.place) == ["ingestor"])
    }

    @Test("commits that were kept and not published are found and published")
    func publication() async throws {
        let owner = try await OwnerBench.make()
        let scene = ExaminationBench(bench: owner.bench)
        try owner.takeTurn("kept")
        let rescue = "refs/rescue/researcher/0011223344556677"
        let head = try #require(owner.head)
        owner.publisher.add(RefUpdate(reference: rescue, to: head, expecting: nil, message: "kept"))
        try owner.publisher.keep(by: owner.desk.author("supervisor", at: OwnerBench.time))

        let before = scene.report().findings
        let repair = try scene.fix()

        #expect(before.map(\.code).contains(.publicationWaiting))
        let named = "commits for agents/researcher, \(rescue) were made"
        #expect(before.contains { $0.message.contains(named) }, "\(before)")
        #expect(before.contains { $0.message.contains("agents/researcher") })
        #expect(repair.done.contains("published refs/heads/agents/researcher"), "\(repair)")
        #expect(try owner.desk.repository.reference("refs/heads/agents/researcher") == owner.head)
        #expect(!scene.codes().contains(.publicationWaiting))
    }

    @Test("requests that are broken, set aside, for nobody or unfinished are told apart")
    func requests() async throws {
        let scene = try await ExaminationBench.make()
        let spool = try TriggerSpool(scene.folder)
        let ghost = try #require(AgentName("ghost"))
        let request = TriggerRequest(agent: ghost, kind: .person, id: "1", time: Bench.days[0])
        _ = try spool.accept(try #require(request))
        try scene.write("torn", "half", below: ".loopdesk/triggers/waiting")
        try scene.write("old", "half", below: ".loopdesk/triggers/broken")
        for (name, day) in [("new", 7), ("older", 0)] {
            try scene.write(name, "", below: ".loopdesk/triggers/parts")
            let date = Bench.days[day].adding(seconds: day == 0 ? -86_400 : 0)
            try scene.folder.triggers.folder("parts").setDate(of: name, to: date)
        }

        let before = scene.codes()
        let repair = try scene.fix()
        let after = scene.codes()

        #expect(
            before == [.requestBroken, .requestSetAside, .requestForNobody, .requestUnfinished]
        )
        #expect(repair.done.count == 1 && repair.done[0].hasSuffix("/broken/torn"))
        #expect(after == [.requestSetAside, .requestSetAside, .requestForNobody])
        #expect(try scene.folder.triggers.folder("parts").names() == ["new"])
    }

    @Test("agents out of service are named with the reason, and stay so")
    func quarantines() async throws {
        let scene = try await ExaminationBench.make()
        let record = """
            {"version":1,"restarts":[],"quarantines":[{"agent":"researcher","cause":"researcher",\
            "reason":"it crashed","since":"2026-11-20T10:00:00Z"}]}
            """
        try scene.write("supervision.json", record, below: ".loopdesk")

        let found = scene.report().findings

        #expect(found.map(\.code) == [.agentQuarantined])
        #expect(found[0].message.hasSuffix("it crashed"))
        #expect(try scene.fix() == RepairReport())
    }

    @Test("a record of supervision that is broken is set aside, one of a later version never")
    func supervision() async throws {
        let scene = try await ExaminationBench.make()
        try scene.write("supervision.json", "{", below: ".loopdesk")

        let broken = scene.codes()
        let repair = try scene.fix()
        let after = scene.codes()
        try scene.write("supervision.json", #"{"version":9}"#, below: ".loopdesk")
        let later = scene.codes()

        #expect(broken == [.supervisionUnreadable])
        #expect(repair.done.count == 1 && after == [])
        #expect(scene.folder.runtime.contains("supervision.json.unreadable"))
        #expect(later == [.supervisionNewer])
        #expect(try scene.fix() == RepairReport())
    }

    @Test("a live desk's newest turn that is later than now is an error; a replay's is not")
    func clockBehind() async throws {
        let owner = try await OwnerBench.make()
        var scene = ExaminationBench(bench: owner.bench)
        scene.facts.now = Bench.days[0]
        let replayed = scene.codes()
        try owner.takeTurn("live", triggers: [.start])
        _ = try owner.publish()
        try WorktreeKeeper(desk: owner.desk).reset(owner.agent)

        let behind = scene.codes()
        scene.facts.now = OwnerBench.time.adding(seconds: -ClockCheck.toleranceSeconds)
        let close = scene.codes()

        #expect(replayed == [])
        #expect(behind == [.clockBehind])
        #expect(close == [])
    }

    @Test("events tell when the clock was set back and which version runs")
    func events() async throws {
        let scene = try await ExaminationBench.make()
        let lines = [
            #"{"seq":1,"time":"2026-11-20T15:00:02Z","event":"desk.up","pid":"#
                + #"\#(getpid()),"version":"9.9"}"#,
            #"{"seq":2,"time":"2026-11-20T15:00:01.5Z","event":"turn.started","agent":"risk"}"#,
            #"torn"#,
            #"{"seq":3,"time":"2026-11-20T14:59:00Z","event":"turn.committed","agent":"risk"}"#,
        ]
        try scene.write("events.jsonl", lines.joined(separator: "\n"), below: ".loopdesk/events")

        let atRest = scene.report().findings
        let lock = try DeskLock.take(scene.folder, purpose: "loopdesk replay")
        let running = scene.codes()
        _ = consume lock

        #expect(atRest.map(\.code) == [.clockJumped])
        #expect(atRest[0].message.contains("2026-11-20T15:00:01.5"))
        #expect(running == [.deskRunning, .clockJumped, .versionDiffers])
    }
}
