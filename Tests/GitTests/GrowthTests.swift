// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Git
import Testing

@Suite("Growth and maintenance")
struct GrowthTests {
    private let scratch: Scratch
    private let desk: Repository

    init() throws {
        scratch = try Scratch()
        desk = try scratch.makeDesk()
    }

    private func add(_ text: String, after parent: ObjectID?, to publisher: Publisher) throws
        -> ObjectID
    {
        var tree = try TreeEditor(desk, tree: nil)
        try tree.set("note", content: Array(text.utf8))
        let commit = publisher.batch.addCommit(
            tree: try tree.write(into: &publisher.batch),
            parents: parent.map { [$0] } ?? [],
            author: Scratch.person,
            message: text
        )
        publisher.add(
            RefUpdate(reference: "refs/heads/a", to: commit, expecting: parent, message: text)
        )
        return commit
    }

    private func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.file("desk/.git/\(folder)"))
    }

    @Test("git gc declines between the first publication and the end, and runs afterwards")
    func collectionHold() throws {
        let publisher = Publisher(desk, isDurable: false)
        _ = try add("one", after: nil, to: publisher)
        #expect(try publisher.publish(by: Scratch.person) == .moved)

        let refusal = #expect(throws: Scratch.Failure.self) { try scratch.git("gc", "--prune=now") }
        publisher.close()

        #expect(refusal?.output.contains("gc is already running") == true)
        #expect(try !files("").contains("gc.pid"))
        try scratch.git("gc", "--prune=now", "--quiet")
        _ = try scratch.git("fsck", "--strict")
    }

    @Test("the claim of a process that died is replaced, that of a living one is left alone")
    func foreignHold() throws {
        var name = [CChar](repeating: 0, count: 256)
        #expect(gethostname(&name, 255) == 0)
        let host = String(
            decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
        let living = "\(getppid()) \(host)"
        try scratch.write(living, to: "desk/.git/gc.pid")
        let publisher = Publisher(desk, isDurable: false)
        let one = try add("one", after: nil, to: publisher)

        #expect(try publisher.publish(by: Scratch.person) == .moved)
        #expect(try scratch.read("desk/.git/gc.pid") == living)
        try scratch.write("2147483646 \(host)", to: "desk/.git/gc.pid")
        _ = try add("two", after: one, to: publisher)
        #expect(try publisher.publish(by: Scratch.person) == .moved)

        #expect(try scratch.read("desk/.git/gc.pid") == "\(getpid()) \(host)")
    }

    @Test("a process that has ended is dead, whether or not its parent has noticed")
    func unnoticedEnd() throws {
        var process = pid_t()
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
        defer { free(arguments[0]) }
        try #require(posix_spawn(&process, "/bin/true", nil, nil, arguments, nil) == 0)
        var told = siginfo_t()
        try #require(waitid(P_PID, id_t(process), &told, WEXITED | WNOWAIT) == 0)

        #expect(kill(process, 0) == 0)
        #expect(!ProcessLife.isAlive(process))
        #expect(ProcessLife.isAlive(getpid()) && ProcessLife.isAlive(getppid()))
        #expect(waitpid(process, nil, 0) == process && !ProcessLife.isAlive(process))
    }

    @Test("objects that vanish while references move are written again")
    func vanished() throws {
        let publisher = Publisher(desk, isDurable: false)
        let one = try add("one", after: nil, to: publisher)
        try publisher.keep(by: Scratch.person)
        var removed = 0

        let outcome = try publisher.publish(by: Scratch.person) {
            let folder = scratch.file("desk/.git/objects/pack")
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            where (try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")) != nil {
                removed += 1
            }
        }

        #expect(outcome == .moved)
        #expect(removed >= 2)
        #expect(try scratch.git("rev-parse", "a") == "\(one)\n")
        _ = try scratch.git("fsck", "--strict", "--connectivity-only")
        #expect(try files("objects/pack").allSatisfy { !$0.hasSuffix(".keep") })
    }

    @Test("a repack before the reference has moved leaves the new pack alone")
    func keptPack() throws {
        let base = try desk.publish(["x": "1"], on: "a")
        let publisher = Publisher(desk, isDurable: false)
        let two = try add("two", after: base, to: publisher)
        // Refused, so that the references do not move although the objects are written.
        try scratch.write("", to: "desk/.git/refs/heads/a.lock")
        #expect(throws: GitError.self) { try publisher.publish(by: Scratch.person) }
        #expect(try files("objects/pack").allSatisfy { !$0.hasSuffix(".keep") })
        try scratch.git("repack", "-a", "-d", "-q")
        try FileManager.default.removeItem(atPath: scratch.file("desk/.git/refs/heads/a.lock"))

        #expect(try publisher.publish(by: Scratch.person) == .moved)

        #expect(try scratch.git("rev-parse", "a") == "\(two)\n")
        _ = try scratch.git("fsck", "--strict")
    }

    @Test("marks of packs that a killed desk left are swept, those of people are not")
    func keeps() throws {
        try desk.publish(["x": "1"])
        try desk.publish(["x": "2"])
        let stems = try files("objects/pack").filter { $0.hasSuffix(".idx") }.map { $0.dropLast(4) }
        let folder = "desk/.git/objects/pack/"
        try scratch.write("loopdesk publishes this pack\n", to: "desk/.git/loopdesk/keep")
        try FileManager.default.linkItem(
            atPath: scratch.file("desk/.git/loopdesk/keep"),
            toPath: scratch.file("\(folder)\(stems[0]).keep")
        )
        try scratch.write("mine", to: "\(folder)\(stems[1]).keep")

        #expect(try desk.sweepStaleFiles() == ["\(stems[0]).keep"])

        #expect(scratch.exists("\(folder)\(stems[1]).keep"))
    }

    @Test("git's automatic clean-up is turned off in the desk, once, and other settings stay")
    func settings() throws {
        try scratch.git("config", "gc.auto", "6700")
        try scratch.git("config", "user.name", "Ada")

        let changed = try desk.prepareSettings()

        #expect(changed == Repository.deskSettings.map(\.key))
        #expect(try desk.prepareSettings() == [])
        #expect(try scratch.git("config", "gc.auto") == "0\n")
        #expect(try scratch.git("config", "maintenance.auto") == "false\n")
        #expect(try scratch.git("config", "user.name") == "Ada\n")
    }

    @Test("settings that another process is changing are left alone")
    func lockedSettings() throws {
        try scratch.write("", to: "desk/.git/config.lock")

        let error = #expect(throws: GitError.self) { try desk.prepareSettings() }

        #expect(error?.code == .locked)
        #expect(scratch.exists("desk/.git/config.lock"))
    }

    @Test("packed references move as others do, and an expectation still counts")
    func packedReferences() throws {
        let one = try desk.publish(["x": "1"], on: "skills/risk/slow")
        try scratch.git("tag", "-a", "-m", "a tag", "v1", "\(one)")
        try scratch.git("pack-refs", "--all")
        let other = try desk.publish(["x": "1"], on: "skills/risk/quick")

        let report = try desk.maintain(by: Scratch.person)

        #expect(report.packedReferences == 1)
        #expect(!scratch.exists("desk/.git/refs/heads/skills/risk/quick"))
        #expect(try desk.reference("refs/heads/skills/risk/quick") == other)
        #expect(try scratch.git("rev-parse", "skills/risk/quick", "v1^{}") == "\(other)\n\(one)\n")
        let two = try desk.publish(["x": "2"], on: "skills/risk/quick")
        let outcome = try desk.update(
            reference: "refs/heads/skills/risk/quick",
            to: one,
            expecting: other,
            by: Scratch.person,
            message: nil,
            isDurable: false
        )
        #expect(
            outcome
                == .changedMeanwhile(reference: "refs/heads/skills/risk/quick", actual: two)
        )
        _ = try scratch.git("fsck", "--strict")
    }

    @Test("a log of a reference that has grown large keeps its newest lines")
    func logs() throws {
        let head = try desk.publish(["x": "1"], on: "agents/risk")
        let line = "\(head) \(head) Ada <ada@example.org> 1700000000 +0000\tturn"
        let text = (0..<12_000).map { "\(line) \($0)\n" }.joined()
        try scratch.write(text, to: "desk/.git/logs/refs/heads/agents/risk")

        let report = try desk.maintain(by: Scratch.person)

        #expect(report.trimmedLogs == ["refs/heads/agents/risk"])
        let rest = try scratch.read("desk/.git/logs/refs/heads/agents/risk")
        #expect(text.hasSuffix(rest))
        #expect(rest.count > 200_000 && rest.count < 300_000)
        #expect(try scratch.git("log", "-g", "-1", "--format=%gs", "agents/risk") == "turn 11999\n")
    }

    @Test("rescue refs beyond the limit are archived, and each stays reachable and listed")
    func rescues() throws {
        let head = try desk.publish(["x": "1"])
        let tree = try desk.commit(head).tree
        var saved: Set<String> = []
        for number in 0...Repository.rescueLimit {
            let note = RescueNote(agent: "risk", reason: "reason \(number)", head: head)
            let seconds = Int64(number)
            saved.insert(try desk.saveAside(head, tree: tree, as: note, seconds: seconds))
        }

        let report = try desk.maintain(by: Scratch.person)

        #expect(report.archivedRescues == Repository.rescueLimit / 2 + 1)
        let rescues = try desk.rescues()
        #expect(Set(rescues.map(\.reference)) == saved)
        #expect(rescues.count { $0.isArchived } == report.archivedRescues)
        #expect(rescues.allSatisfy { $0.isArchived == ($0.seconds <= 128) })
        let count = try desk.references(withPrefix: "refs/rescue/").count
        #expect(count == Repository.rescueLimit / 2 + 1)
        let all = try scratch.git("rev-list", "--all", "--count")
        #expect(Int(all.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 > saved.count)
        try scratch.git("gc", "--prune=now", "--quiet")
        for rescue in rescues { #expect(try desk.contains(rescue.commit)) }
    }

    @Test("a second maintenance at the same time does nothing and says so")
    func elsewhere() throws {
        try desk.publish(["x": "1"])
        _ = try desk.maintain(by: Scratch.person)
        let number = open(scratch.file("desk/.git/loopdesk/maintenance.lock"), O_RDWR)
        defer { close(number) }
        #expect(flock(number, LOCK_EX | LOCK_NB) == 0)

        let report = try desk.maintain(by: Scratch.person)

        #expect(report.isElsewhere)
        #expect(!report.isComplete)
    }

    @Test("a maintenance that has no time left stops after one merge and says that more remains")
    func slices() throws {
        for turn in 0..<(2 * ObjectStore.defaultFanIn) { try desk.publish(["a": "\(turn)"]) }

        let first = try desk.maintain(by: Scratch.person) { false }
        let rest = try desk.maintain(by: Scratch.person)

        #expect(first.mergedPacks == ObjectStore.defaultFanIn)
        #expect(!first.isComplete)
        #expect(rest.mergedPacks == ObjectStore.defaultFanIn)
        #expect(rest.isComplete)
        #expect(try desk.objects.packCount() == 2)
        _ = try scratch.git("fsck", "--strict", "--full")
    }

    @Test("a pack that git merges away meanwhile is passed over")
    func vanishedSource() throws {
        for turn in 0..<ObjectStore.defaultFanIn { try desk.publish(["a": "\(turn)"]) }
        _ = try desk.objects.packCount()
        try scratch.git("repack", "-a", "-d", "-q")

        #expect(try desk.consolidateIfNeeded() == 0)

        #expect(try desk.objects.packCount() == 0)
        #expect(try desk.walk(from: #require(try desk.reference("refs/heads/main"))).count == 50)
    }

    @Test("a waiting move that expects another value takes the place of the first")
    func replacedMove() throws {
        let mine = try desk.publish(["a": "1"], on: "a")
        let publisher = Publisher(desk, isDurable: false)
        _ = try add("one", after: nil, to: publisher)
        try publisher.keep(by: Scratch.person)
        let two = try add("two", after: mine, to: publisher)
        try publisher.keep(by: Scratch.person)

        #expect(try Repository.open(at: desk.path).recoverPublication() == .moved)

        #expect(try desk.reference("refs/heads/a") == two)
    }
}
