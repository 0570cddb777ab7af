// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import TestSupport
import Testing

@testable import Supervisor

@Suite("The count of trials", .scratchFolder)
struct TrialTests {
    static let setting: Bench.Setting = {
        var setting = Bench.Setting()
        setting.agents[1].text = "role: researcher, on: [bars], skills: [house]"
        setting.agents += [("verifier", "role: verifier, on: [report]")]
        return setting
    }()

    private func book(_ bench: Bench) throws -> TrialBook {
        let keeper = TrialKeeper(try bench.open(), strategies: bench.strategies)
        try keeper.load()
        return keeper.book
    }

    private func findings(_ bench: Bench) throws -> [Finding] {
        let scene = try ExaminedDesk(try bench.open(), ExaminationBench.goodFacts)
        return try TrialCheck(scene: scene, strategies: bench.strategies).look().findings
    }

    private func trailers(_ bench: Bench, _ key: String) async throws -> [String] {
        let format = "--format=%(trailers:key=\(key),valueonly,separator=)"
        return try await bench.git.run("log", "--reverse", format, "agents/verifier", "--")
            .stdout.split(separator: "\n").map(String.init)
    }

    /// Deletes the branches of those who say strategies, with all that git remembers of them.
    private func loseBranches(_ bench: Bench) async throws {
        for agent in ["researcher", "backtester"] {
            try await bench.git.run("worktree", "remove", "--force", "worktrees/\(agent)")
            try await bench.git.run("branch", "-D", "agents/\(agent)")
        }
        try await bench.git.run("reflog", "expire", "--expire=now", "--all")
        try await bench.git.run("gc", "--quiet", "--prune=now")
    }

    @Test("each hypothesis counts once, from the round in which it was first said")
    func counted() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.script(
            "researcher",
            """
            def after(turn, attempt):
                say(7, "proposal", proposal("the same each day"))
            """
        )

        try bench.run(through: 3)

        let book = try book(bench)
        #expect(book.count == 4)
        let places = book.trials.map {
            "\($0.place.time.map { "\($0.date)" } ?? "") \($0.place.round)"
        }
        #expect(places == ["2000-03-01 2", "2000-03-01 2", "2000-03-02 2", "2000-03-03 2"])
        #expect(book.trials.allSatisfy { $0.origin == "agents/researcher" && $0.family == "trend" })
        let source = TrialSource(bench.strategies)
        let scanned = try TrialScan(of: bench.open().repository, source).book
        for trial in book.trials {
            // Orders name a strategy as its maker wrote it.
            let name = ContentHash(of: try #require(trial.strategy["on"]?.stringValue))
            #expect(book.trial(named: name) == trial.id && scanned.trial(named: name) == trial.id)
        }
        let told = try await trailers(bench, "Trials")
        #expect(told.map { $0.split(separator: " ").first } == ["2", "3", "4"])
        #expect(try findings(bench).isEmpty)
    }

    @Test("a branch that is deleted with its reflog and pruned lowers no count")
    func deletedBranch() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 3)
        let before = try book(bench)

        try await loseBranches(bench)

        #expect(before.count == 3)
        #expect(try book(bench) == before)
    }

    @Test("the reference alone still knows what branches, reflogs and file have lost")
    func onlyReference() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 3)
        let before = try book(bench)
        // As a kill leaves it, before anything was saved there.
        try await bench.git.run("update-ref", "-d", TrialReference.name)
        try TrialKeeper(bench.open(), strategies: bench.strategies).restore()

        try await loseBranches(bench)
        try bench.open().folder.trials.removeFile(TrialFile.name)

        #expect(before.count == 3)
        #expect(try book(bench) == before)
    }

    @Test("what is reported and was never proposed counts as well, also when all is read again")
    func onlyReported() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.script(
            "backtester",
            """
            def after(turn, attempt):
                say(9, "report", {"proposal": mail[0]["id"], "metrics": {},
                    "strategy_hash": digest("unasked"), "strategy": {"on": "unasked"}})
            """
        )

        try bench.run(through: 2)

        let source = TrialSource(bench.strategies)
        #expect(try book(bench).count == 3)
        #expect(try TrialScan(of: bench.open().repository, source).book.count == 3)
    }

    @Test("a ledger that is deleted, cut or edited lowers no count, and is found and made whole")
    func deletedLedger() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 3)
        let before = try book(bench)
        let folder = try bench.open().folder.trials
        let whole = try folder.read(TrialFile.name)

        try folder.removeFile(TrialFile.name)
        #expect(try book(bench) == before)
        #expect(try findings(bench).map(\.code) == [.trialsDiffer, .trialsDiffer])
        try folder.replace(TrialFile.name, with: Array(whole.dropLast(20)))
        #expect(try findings(bench).map(\.code).first == .trialsDiffer)
        try bench.run(through: 3)

        #expect(try findings(bench).isEmpty)
        #expect(try TrialFile.parse(folder.read(TrialFile.name)).book == before)
        #expect(try book(bench) == before)
    }

    @Test("a line of the ledger that cannot be read is found, though nothing is lacking")
    func damagedLine() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 1)
        let folder = try bench.open().folder.trials

        try folder.append(Array("no line\n".utf8), to: TrialFile.name)

        let found = try findings(bench)
        #expect(found.map(\.message) == ["1 lines cannot be read"])
        #expect(found.map(\.code) == [.trialsDiffer])
    }

    @Test("the ledger of a desk that runs is not compared")
    func running() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 1)
        let folder = try bench.open().folder
        try folder.trials.removeFile(TrialFile.name)
        let lock = try DeskLock.take(folder, purpose: "loopdesk replay")

        let during = try findings(bench)
        _ = consume lock

        #expect(during.isEmpty)
        #expect(try findings(bench).count == 2)
    }

    @Test("without the reference the branches and the file still know all")
    func deletedReference() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 2)
        let before = try book(bench)

        try await bench.git.run("update-ref", "-d", TrialReference.name)
        try bench.open().folder.trials.removeFile(TrialFile.name)

        #expect(try book(bench) == before)
    }

    @Test("what the reference alone knows counts, and comes into the file")
    func fromReference() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 1)
        let desk = try bench.open()
        var more = try book(bench)
        let count = more.count
        let trial = Trial(
            id: ContentHash(of: "lost"),
            family: "trend",
            strategy: .null,
            place: .outside,
            origin: "test"
        )
        more.take(.trial(trial))
        try TrialReference(desk).save(more)

        let found = try book(bench).count
        let before = try TrialFile(desk.folder).load().book.count
        try TrialKeeper(desk, strategies: bench.strategies).restore()

        #expect(found == count + 1 && before == count)
        #expect(try TrialFile(desk.folder).load().book.count == count + 1)
    }

    @Test("nothing is taken from the reference, and one that leads nowhere is made anew")
    func reference() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 2)
        let reference = TrialReference(try bench.open())
        let before = try reference.load()

        try reference.save(TrialBook())
        let kept = try reference.load()
        let nowhere = String(repeating: "1", count: 40) + "\n"
        try bench.write("desk/.git/refs/loopdesk", "trials", nowhere)
        let lost = try TrialReference(try bench.open()).load()
        try TrialReference(try bench.open()).save(before)

        #expect(before.count > 0 && kept == before)
        #expect(lost == TrialBook())
        #expect(try TrialReference(try bench.open()).load() == before)
    }

    @Test("what a branch was moved away from is read from the reflog, tags are followed")
    func reflogAndTags() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 3)
        let desk = try bench.open()
        let source = TrialSource(bench.strategies)
        let before = try TrialScan(of: desk.repository, source).book
        let head = try await bench.head(of: "researcher")
        for agent in ["researcher", "backtester"] { try await bench.rewind(agent, by: 2) }
        try await bench.git.run("update-ref", "-d", TrialReference.name)

        let moved = try TrialScan(of: desk.repository, source).book
        try await bench.git.run("reflog", "expire", "--expire=now", "--all")
        let forgotten = try TrialScan(of: desk.repository, source).book
        try await bench.git.run("tag", "-a", "-m", "kept", "kept", head)
        let tagged = try TrialScan(of: desk.repository, source).book

        #expect(moved.trials == before.trials)
        #expect(forgotten.count == 1)
        #expect(tagged.trials == before.trials)
    }

    @Test(
        "a turn that two lines have counts from the earlier one, in whatever order they are merged",
        arguments: [false, true]
    )
    func parted(isFirst: Bool) async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 1)
        let desk = try bench.open()
        let reference = "refs/heads/agents/researcher"
        let head = try #require(try desk.repository.reference(reference))
        let tree = try desk.repository.commit(head).tree
        let early = Bench.days[0].adding(seconds: -86_400)
        let record = TurnRecord(
            turn: 1,
            time: early,
            round: 1,
            summary: "the same turn",
            frontiers: [],
            skills: [],
            data: nil
        )
        let author = desk.author("researcher", at: early)
        var batch = ObjectBatch()
        let other = batch.addCommit(
            tree: tree,
            parents: [],
            author: author,
            message: record.message
        )
        let merge = batch.addCommit(
            tree: tree,
            parents: isFirst ? [other, head] : [head, other],
            author: author,
            message: "both\n"
        )
        try desk.repository.objects.write(batch, isDurable: false)

        try await bench.git.run("update-ref", reference, "\(merge)")

        let scanned = try TrialScan(of: desk.repository, TrialSource(bench.strategies)).book
        #expect(scanned.trials.map(\.place) == [Trial.Place(time: early, round: 1)])
    }

    @Test("a submodule in a history hides no trial of it, wherever it stands")
    func submodules() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 2)
        let signals = try await bench.git.lines(
            "rev-parse",
            "agents/researcher:agents/researcher/signals"
        )
        var tree = try #require(signals.first)
        let module = String(repeating: "1", count: 40)
        for name in ["signals", "researcher", "agents"] {
            let entries = "040000 tree \(tree)\t\(name)\n160000 commit \(module)\tvendor\n"
            let made = try await bench.git.run(["mktree"], input: entries)
            tree = try #require(made.stdout.split(separator: "\n").first.map(String.init))
        }
        let commit = try await bench.git.lines("commit-tree", "-m", "the owner's own", tree)
        try await bench.git.run("tag", "kept", try #require(commit.first))
        let before = try TrialScan(of: bench.open().repository, TrialSource(bench.strategies)).book

        try await loseBranches(bench)
        try await bench.git.run("update-ref", "-d", TrialReference.name)

        let after = try TrialScan(of: bench.open().repository, TrialSource(bench.strategies)).book
        #expect(before.count == 2)
        #expect(after.trials.map(\.id) == before.trials.map(\.id))
    }

    @Test("starting over counts the same and gives the same commits, as often as it is done")
    func fresh() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.run(through: 4)
        let first = try await bench.heads()
        let told = try await trailers(bench, "Trials")

        for _ in 0..<2 {
            try bench.open().startOver()
            try bench.run(through: 4)
            #expect(try await bench.heads() == first)
            #expect(try await trailers(bench, "Trials") == told)
        }
        try await bench.rewind("verifier", by: 1)
        try await bench.rewind("backtester", by: 1)
        try bench.run(through: 4)

        #expect(try await bench.heads() == first)
        #expect(told.count == 4)
    }

    @Test("another desk's past counts where it was first said, and not before")
    func otherPast() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.script(
            "researcher",
            """
            def after(turn, attempt):
                if turn == 3:
                    say(7, "proposal", proposal("only in the first run"))
            """
        )
        try bench.run(through: 4)
        try bench.open().startOver()
        try bench.script("researcher", "")

        try bench.run(through: 4)

        let told = try await trailers(bench, "Trials")
        #expect(told.map { $0.split(separator: " ").first } == ["1", "2", "4", "5"])
    }

    @Test("what was tried outside of turns counts from the beginning, with all that it stands for")
    func outside() async throws {
        let bench = try await Bench.make("a", Self.setting)
        let sweep = Trial(
            id: ContentHash(of: "sweep"),
            family: "grid",
            strategy: .null,
            place: .outside,
            origin: "sweep",
            count: 40
        )
        let keeper = TrialKeeper(try bench.open(), strategies: bench.strategies)
        try keeper.load()

        try keeper.add([sweep])
        try keeper.add([sweep])
        try bench.run(through: 2)

        let told = try await trailers(bench, "Trials")
        #expect(told.map { $0.split(separator: " ").first } == ["41", "42"])
    }

    @Test("looks are counted from verdicts, wherever they stand")
    func looks() async throws {
        let bench = try await Bench.make("a", Self.setting)
        try bench.script(
            "verifier",
            """
            def after(turn, attempt):
                for signal in mail:
                    if signal["topic"] == "report":
                        say(2, "verdict", {"kind": "report", "subject": signal["id"],
                            "strategy_hash": signal["body"]["strategy_hash"], "passed": False,
                            "rules": [], "look": {"trial": signal["body"]["strategy_hash"],
                            "through": "2000-02-29"}})
            """
        )

        try bench.run(through: 2)

        let book = try book(bench)
        #expect(book.looks.count == 2)
        #expect(Set(book.looks.map(\.trial)) == Set(book.trials.map(\.id)))
        let source = TrialSource(bench.strategies)
        #expect(try TrialScan(of: bench.open().repository, source).book.looks == book.looks)
    }
}
